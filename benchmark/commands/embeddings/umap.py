"""``bench embeddings umap``: genes in the plane, some of them by name."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import followed
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import caution, tell

MOST_PANELS = 3


@click.command("umap")
@click.argument("genes", nargs=-1)
@options.names(
    "--methods", "methods", "Methods, as tables call them  [default: the best by the headline]"
)
@click.option("--seed", type=int, help="Seed that is shown  [default: each method's first]")
@options.choice("--color", of=("dataset", "cluster"), about="What colours tell.")
@click.option(
    "--output", type=options.FILE, default=Path("umap.png"), help="File to write: png, svg, pdf."
)
@options.stored_runs(methods="", data=False)
def command(
    genes: Sequence[str],
    methods: Sequence[str],
    seed: int | None,
    color: str,
    output: Path,
    runs: StoredRuns,
) -> None:
    """Draw the vectors of runs on one task, and GENES in them by name.

    A panel for each method, three at most; 'bench plot --kind umap' draws all methods small.
    """
    from genearena.benchmark.biology.joint import stored_runs
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.show.plots.biology.gene_map import maps_figure
    from genearena.benchmark.show.plots.style import check_figure_path, write_figure

    check_figure_path(output)
    records = runs.records if methods else runs.best
    found = stored_runs(
        ResultStore(runs.out), records, methods, () if seed is None else (seed,), caution
    )
    labels = [each.label for each in found]
    panels = [found[labels.index(label)] for label in dict.fromkeys(labels)]
    if len(panels) > MOST_PANELS:
        raise UsageError(
            f"these are {len(panels)} methods, want {MOST_PANELS} at most; choose with --methods"
        )
    shown = followed(panels, f"UMAP of {panels[0].where}", lambda each: each.label)
    write_figure(lambda: maps_figure(shown, len(panels), genes, color), output)
    tell(f"Wrote {output}", err=True)
