"""``bench plot``: the figures of stored results."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.request import split_names
from genearena.benchmark.show.plots.registry import FIGURES, Source, draw_figure, overall_kinds
from genearena.benchmark.show.plots.style import FORMATS
from genearena.benchmark.show.tables.numbers import seed_list
from genearena.data.common.errors import UsageError
from genearena.data.common.file_names import file_name
from genearena.data.common.one_line import one_line
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@click.command("plot")
@result_options.results_folder
@result_options.tissues
@result_options.sources
@result_options.preset
@click.option(
    "--figure",
    "kinds",
    multiple=True,
    type=click.Choice(tuple(FIGURES)),
    help="Only this figure (repeatable)  [default: all but umap]",
)
@click.option(
    "--format",
    "formats",
    default="png",
    show_default=True,
    help=f"File formats with commas between them: {', '.join(FORMATS)}.",
)
@click.option("--seed", type=int, help="Seed shown by umap  [default: each method's first]")
@click.option(
    "--dest",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the figures  [default: figures in the results folder]",
)
def command(
    out: Path,
    tissues: tuple[str, ...],
    sources: tuple[str, ...],
    preset: str | None,
    kinds: tuple[str, ...],
    formats: str,
    seed: int | None,
    dest: Path | None,
) -> None:
    """Draw the figures of every task in the results folder.

    heatmap: the leaderboard; boxplot: every metric over seeds; cost: score against time and
    memory; loss: training curves; umap: gene vectors of one seed by data set, by cluster and by
    true programme, drawn on request because it takes a minute per task. Over all tasks: cost;
    overview, the Avg Score on every task; critical-difference, which methods are told apart;
    rank-stability, the order with one thing left out at a time. Methods keep their colour in all
    figures; those of a task list them in the order of its leaderboard. The same results give the
    same bytes.
    """
    suffixes = _formats(formats)
    store = ResultStore(out)
    records = stored_records(out)
    if not records:
        raise UsageError(f"no results in {out}; run 'bench run' first, or name a folder with --out")
    boards = build_leaderboards(
        records,
        tissues=split_names(tissues, "--tissue"),
        sources=split_names(sources, "--source"),
        preset=preset,
    )
    _check_seed(boards, seed)
    wanted = kinds or tuple(kind for kind, about in FIGURES.items() if not about.on_request)
    for name, kind, shown in _figures(boards, wanted):
        _write(name, kind, shown, Source(store, seed, _follow), dest or out / "figures", suffixes)


def _check_seed(boards: Sequence[Leaderboard], seed: int | None) -> None:
    seeds = tuple(sorted({known for board in boards for known in board.seeds}))
    if seed is not None and seed not in seeds:
        raise UsageError(f"no results of seed {seed} (--seed); there are {seed_list(seeds)}")


def _formats(text: str) -> list[str]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"unknown figure format '{', '.join(unknown)}'; use {', '.join(FORMATS)}")
    return list(dict.fromkeys(names))


def _figures(
    boards: Sequence[Leaderboard], kinds: Sequence[str]
) -> Iterator[tuple[str, str, Sequence[Leaderboard]]]:
    """Yield (file name, kind, boards): figures of every task, then those over all tasks."""
    for board in boards:
        for kind in kinds:
            if FIGURES[kind].per_task:
                task = file_name(board.task.tissue, board.task.source)
                yield f"{task}-{kind}", kind, (board,)
    for kind in overall_kinds(kinds, len(boards)):
        yield kind, kind, boards


def _follow(rows: Sequence[Row], what: str) -> Iterable[Row]:
    """Give rows one by one with a bar on stderr, where somebody watches it."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import track

    console = Console(stderr=True)
    return track(
        *(rows, escape(one_line(what))),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _write(
    name: str,
    kind: str,
    boards: Sequence[Leaderboard],
    source: Source,
    folder: Path,
    suffixes: Sequence[str],
) -> None:
    from genearena.benchmark.show.plots.style import figure_style, save_figure

    with figure_style():
        figure: Figure | str = draw_figure(kind, boards, source)
        if isinstance(figure, str):
            where = f"{boards[0].task.label}: " if len(boards) == 1 else ""
            tell(f"{where}no {kind}: {figure}", err=True)
            return
        for suffix in suffixes:
            path = folder / f"{name}.{suffix}"
            save_figure(figure, path, crop=FIGURES[kind].crop)
            tell(path)
