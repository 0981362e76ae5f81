"""``bench plot``: the figures of stored results."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import followed
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.registry import FIGURES, Source, draw_figure, overall_kinds
from genearena.benchmark.show.plots.style import FORMATS
from genearena.benchmark.show.tables.numbers import seed_list
from genearena.data.common.errors import UsageError
from genearena.data.common.file_names import file_name
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@click.command("plot")
@options.stored_runs(methods="", data=False)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(tuple(FIGURES)),
    help="Only this figure (repeatable)  [default: all but umap and epochs]",
)
@options.renamed("--figure", "--kind", "kinds", multiple=True)
@click.option(
    "--format",
    "formats",
    default="png",
    help=f"File formats with commas between them: {', '.join(FORMATS)}.",
)
@click.option("--seed", type=int, help="Seed shown by umap  [default: each method's first]")
@options.output(
    "Folder for the figures  [default: figures in the results folder]",
    former="--dest",
    kind=click.Path(path_type=Path, file_okay=False),
)
def command(
    runs: StoredRuns,
    kinds: tuple[str, ...],
    formats: str,
    seed: int | None,
    output: Path | None,
) -> None:
    """Draw the figures of every task in the results folder.

    heatmap: the leaderboard; boxplot: every metric over seeds; cost: score against time and
    memory; loss: training curves; umap: gene vectors of one seed by data set, by cluster and by
    true programme, drawn on request because it takes seconds per method. Over all tasks: cost;
    overview, the headline on every task; critical-difference, which methods are told apart;
    rank-stability, the order with one thing left out at a time; epochs, on request, the headline of
    methods that were run with several numbers of epochs. Methods keep their colour in all
    figures; those of a task list them in the order of its leaderboard. The same results give the
    same bytes.
    """
    suffixes = _formats(formats)
    boards = runs.boards()
    seeds = tuple(sorted({known for board in boards for known in board.seeds}))
    if seed is not None and seed not in seeds:
        raise UsageError(f"no results of seed {seed} (--seed); there are {seed_list(seeds)}")
    wanted = kinds or tuple(kind for kind, about in FIGURES.items() if not about.on_request)
    source, folder = Source(ResultStore(runs.out), seed, followed), output or runs.out / "figures"
    for board in boards:
        task = file_name(board.task.tissue, board.task.source)
        for kind in wanted:
            if FIGURES[kind].per_task:
                _write(folder / f"{task}-{kind}", kind, (board,), source, suffixes)
    for kind in overall_kinds(wanted, len(boards)):
        _write(folder / kind, kind, boards, source, suffixes)


def _formats(text: str) -> list[str]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"unknown figure format '{', '.join(unknown)}'; use {', '.join(FORMATS)}")
    return list(dict.fromkeys(names))


def _write(
    stem: Path, kind: str, boards: Sequence[Leaderboard], source: Source, suffixes: Sequence[str]
) -> None:
    from genearena.benchmark.show.plots.style import figure_style, save_figure

    with figure_style():
        figure: Figure | str = draw_figure(kind, boards, source)
        if isinstance(figure, str):
            where = f"{boards[0].task.label}: " if len(boards) == 1 else ""
            tell(f"{where}no {kind}: {figure}", err=True)
            return
        for suffix in suffixes:
            path = stem.with_name(f"{stem.name}.{suffix}")
            save_figure(figure, path, crop=FIGURES[kind].crop)
            tell(path)
