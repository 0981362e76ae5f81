"""``bench plot``: the figures of stored results."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands.plot_stats import SUMMARIES, summary_figure
from genearena.benchmark.leaderboard import Leaderboard, Row, build_leaderboards
from genearena.benchmark.records import RunRecord
from genearena.benchmark.request import split_names
from genearena.benchmark.results import DEFAULT_FOLDER, ResultStore
from genearena.data.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("heatmap", "boxplot", "loss", "umap")
FORMATS = ("png", "svg", "pdf")


@click.command("plot")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Results folder.",
)
@click.option(
    "--tissue", "tissues", multiple=True, help="Only these tissues; repeat or separate by commas."
)
@click.option("--source", "sources", multiple=True, help="Only these data sources, likewise.")
@click.option("--preset", help="Only runs under this preset.")
@click.option(
    "--figure",
    "kinds",
    multiple=True,
    type=click.Choice((*KINDS, *SUMMARIES)),
    help="Only this figure (repeatable).",
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

    heatmap: the leaderboard; boxplot: every metric over seeds; loss: training curves; umap: gene
    vectors of one seed by data set and by cluster. Over all tasks: critical-difference, which
    methods are told apart; rank-stability, the order with one thing left out at a time. The same
    results give the same bytes.
    """
    suffixes = _formats(formats)
    store = ResultStore(out)
    records = store.records()
    if not records:
        raise UsageError(f"no results in {out}; run 'bench run' first, or name a folder with --out")
    boards = build_leaderboards(
        records, tissues=split_names(tissues), sources=split_names(sources), preset=preset
    )
    folder = dest or out / "figures"
    wanted = kinds or (*KINDS, *SUMMARIES)
    for board in boards:
        for kind in [kind for kind in wanted if kind in KINDS]:
            _draw(board, kind, store, folder, suffixes, seed)
    for kind in [kind for kind in wanted if kind in SUMMARIES]:
        _draw_summary(boards, kind, folder, suffixes)


def _formats(text: str) -> list[str]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"unknown figure format '{', '.join(unknown)}'; use {', '.join(FORMATS)}")
    return list(dict.fromkeys(names))


def _draw(
    board: Leaderboard,
    kind: str,
    store: ResultStore,
    folder: Path,
    suffixes: list[str],
    seed: int | None,
) -> None:
    from genearena.benchmark.plots.style import figure_style, save_figure

    with figure_style():
        figure = _figure(board, kind, store, seed)
        if figure is None:
            click.echo(f"{board.task.label}: nothing stored to draw {kind} from", err=True)
            return
        name = re.sub(r"[^A-Za-z0-9-]+", "-", f"{board.task.tissue}-{board.task.source}-{kind}")
        for suffix in suffixes:
            path = folder / f"{name}.{suffix}"
            save_figure(figure, path)
            click.echo(path)


def _draw_summary(
    boards: Sequence[Leaderboard], kind: str, folder: Path, suffixes: list[str]
) -> None:
    from genearena.benchmark.plots.style import figure_style, save_figure

    with figure_style():
        figure = summary_figure(boards, kind)
        if isinstance(figure, str):
            click.echo(f"{kind}: {figure}", err=True)
            return
        for suffix in suffixes:
            path = folder / f"{kind}.{suffix}"
            save_figure(figure, path)
            click.echo(path)


def _figure(board: Leaderboard, kind: str, store: ResultStore, seed: int | None) -> "Figure | None":
    if kind == "heatmap":
        from genearena.benchmark.plots.heatmap import heatmap

        return heatmap(board)
    if kind == "boxplot":
        from genearena.benchmark.plots.boxplot import boxplot

        return boxplot(board)
    return _loss(board, store) if kind == "loss" else _umap(board, store, seed)


def _loss(board: Leaderboard, store: ResultStore) -> "Figure | None":
    from genearena.benchmark.plots.loss import loss_curves
    from genearena.benchmark.plots.stored import read_losses

    curves = {
        row.label: [read_losses(store, run) for run in row.runs.finished] for row in board.rows
    }
    return loss_curves(board, curves)


def _umap(board: Leaderboard, store: ResultStore, seed: int | None) -> "Figure | None":
    from genearena.benchmark.plots.stored import read_layout
    from genearena.benchmark.plots.umap import umap_panels

    click.echo(f"{board.task.label}: laying out {len(board.rows)} methods", err=True)
    layouts = {}
    for row in board.rows:
        run = _run_of(row, seed)
        layout = None if run is None else read_layout(store, run)
        if layout is not None:
            layouts[row.label] = layout
    return umap_panels(board, layouts)


def _run_of(row: Row, seed: int | None) -> RunRecord | None:
    wanted = [run for run in row.runs.finished if seed is None or run.seed == seed]
    return wanted[0] if wanted else None
