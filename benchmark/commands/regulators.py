"""``bench regulators``: transcription factors by the vectors and clusters of stored runs."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns, drawn, shown

if TYPE_CHECKING:
    from genearena.benchmark.biology.regulators.questions import RegulatorTable
    from genearena.benchmark.show.tables.sheet import Sheet


@click.command("regulators")
@click.option("--targets", help="Gene sets of factors and their targets; see 'bench genesets'.")
@click.option("--factors", help="A list of factors  [default: those of --targets]")
@click.option("--tissue-sets", help="Gene sets called as the tissues of a task of several are.")
@options.choice(
    "--through",
    of=("factors", "targets"),
    about="A cluster has a factor if that is one of its genes, or if a target of it is.",
)
@options.shown
@click.option(
    "--min-targets", default=1, type=click.IntRange(1), help="Targets of a factor in some data set."
)
@click.option("--rows", default=20, type=click.IntRange(1), help="Clusters that are listed.")
@click.option("--seed", default=0, type=click.IntRange(0), help="Seed of swapped clusters.")
@options.style("table", "csv", "md", "latex", about="csv has all factors of all clusters.")
@options.output("Write to this file instead of the screen.")
@click.option(
    "--figure", type=options.FILE, help="Draw which data sets share factors: png, svg, pdf."
)
@click.option("--tissue-figure", type=options.FILE, help="Draw the factors of tissues, likewise.")
@options.stored_runs()
def command(
    targets: str | None,
    factors: str | None,
    tissue_sets: str | None,
    through: str,
    show: str | None,
    min_targets: int,
    rows: int,
    seed: int,
    style: str,
    output: Path | None,
    figure: Path | None,
    tissue_figure: Path | None,
    runs: StoredRuns,
) -> None:
    """Say what stored runs know of transcription factors.

    With --targets, whether vectors tell a factor's targets from genes with as many edges and as
    many known factors. With --factors or --targets, which factors the data sets have in the same
    clusters. With --tissue-sets, whether the clusters of a tissue have its own factors.
    """
    from threadpoolctl import threadpool_limits

    from genearena.benchmark.biology.regulators.questions import regulator_questions
    from genearena.benchmark.show.biology.regulator_sheets import regulator_csv
    from genearena.data.common.errors import UsageError
    from genearena.data.genesets.store import GeneSetStore

    store = GeneSetStore(runs.data_dir)
    of_targets, of_factors, of_tissues = (
        store.get(name) if name else None for name in (targets, factors, tissue_sets)
    )
    questions = regulator_questions(
        of_targets,
        of_factors,
        of_tissues,
        through,  # type: ignore[arg-type]
        min_targets,
        seed,
    )
    if figure is not None and not (targets or factors):
        raise UsageError("--figure is of shared factors; give --factors or --targets")
    if tissue_figure is not None and not tissue_sets:
        raise UsageError("--tissue-figure is of factors of tissues; give --tissue-sets")
    runs.check_figure(figure)
    runs.check_figure(tissue_figure, "--tissue-figure")
    # threads that wait for each other take longer than one that works
    with threadpool_limits(limits=1):
        tables = runs.ask(*questions)
    sheets = [sheet for table in tables for sheet in _sheets(table, show, rows)]
    for table in tables:
        _draw(table, show, figure, tissue_figure)
    text = regulator_csv(tables) if style == "csv" else laid_out(sheets, style, output)
    deliver(text, output)


def _sheets(table: "RegulatorTable", show: str | None, rows: int) -> "list[Sheet]":
    from genearena.benchmark.biology.regulators.factors import SharedTable
    from genearena.benchmark.biology.regulators.targets import TargetTable
    from genearena.benchmark.show.biology.regulator_sheets import (
        factor_sheet,
        shared_sheet,
        target_sheet,
        tissue_sheet,
    )

    if isinstance(table, TargetTable):
        return [target_sheet(table)]
    if isinstance(table, SharedTable):
        row = shown(table.by_excess, show)
        return [shared_sheet(table), factor_sheet(table, row, row.runs[0], rows)]
    return [tissue_sheet(table)]


def _draw(
    table: "RegulatorTable", show: str | None, figure: Path | None, tissue_figure: Path | None
) -> None:
    from genearena.benchmark.biology.regulators.factors import SharedTable
    from genearena.benchmark.biology.regulators.tissues import TissueTable

    if isinstance(table, SharedTable) and figure is not None:
        from genearena.benchmark.show.plots.biology.upset import upset_figure

        row = shown(table.by_excess, show)
        drawn(partial(upset_figure, table, row, row.runs[0]), figure)
    if isinstance(table, TissueTable) and tissue_figure is not None:
        from genearena.benchmark.show.plots.biology.tissue_factors import tissue_figure as draw

        drawn(partial(draw, table, shown(table.runs, show)), tissue_figure)
