"""``bench data fetch``: donors of a tissue from CELLxGENE Census."""

from typing import TYPE_CHECKING, Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.show.data.data_display import say, show, show_graphs, warn
from genearena.data.common.screen import tell
from genearena.data.store import Store

if TYPE_CHECKING:
    from genearena.data.cards.stored_card import Provenance
    from genearena.data.census.cache import SampleCache
    from genearena.data.census.plan import FetchPlan


@click.command("fetch")
@click.option("--tissue", required=True, help="Tissue, as the suite is to call it.")
@click.option("--donors", default=5, type=click.IntRange(1))
@click.option(
    "--cells",
    "cells_per_donor",
    default=1000,
    type=click.IntRange(40),
    help="Cells taken of each donor, at random.",
)
@click.option("--assay", default="10x", help="Assay, or the start of several; any for all.")
@click.option("--disease", default="normal", help="Disease of the donors; any for all.")
@click.option("--species", default="human")
@click.option(
    "--census-tissue",
    "census_tissues",
    multiple=True,
    help="The Census' own name of the tissue, if it differs; repeatable.",
)
@click.option("--census-version", default="stable", help="Release: a date, stable or latest.")
@click.option("--seed", default=0, type=click.IntRange(0))
@click.option("--name", default="census", help="Name of the data set.")
@options.n_genes
@options.choice("--gene-key", "gene_names", of=("symbol", "ensembl"), about="Names of the genes.")
@options.residuals
@options.alpha
@options.fdr
@options.split
@options.min_genes
@click.option("--dry-run", is_flag=True, help="Show what would come, and write nothing.")
@options.force
@options.data_dir
@click.option(
    "--cache-dir",
    type=options.PATH,
    help="Where downloads are kept; by default $GENEARENA_CACHE or the user's cache folder.",
)
def command(**given: Any) -> None:
    """Fetch donors of a tissue from CELLxGENE Census and turn them into graphs.

    Takes the donors with most cells, each from one dataset and one assay. What is downloaded is
    kept with checksums: after an interruption the same command fetches only what is missing.
    Needs the extra genearena[census] and a network.
    """
    from genearena.data.add import check_new_name
    from genearena.data.census import soma
    from genearena.data.census.cache import SampleCache, default_cache
    from genearena.data.census.fetch import add_fetched, fetch_samples, read_options
    from genearena.data.census.plan import FetchRequest, plan_fetch
    from genearena.data.census.terms import resolve_version
    from genearena.data.options import BuildOptions, QualityControl
    from genearena.data.preprocessing.residuals import MODELS

    store = Store(given["data_dir"])
    check_new_name(store, given["tissue"], given["name"], given["force"])
    MODELS.entry(given["residuals"])
    request = options.picked(FetchRequest, given)
    client = soma.SomaClient()
    version = resolve_version(given["census_version"], client.versions())
    say(f"looking for donors in release {version}")
    with client.open(version) as census:
        plan = plan_fetch(census, version, request)
        cache = SampleCache(given["cache_dir"] or default_cache(), version, plan.organism)
        say(f"{plan.n_donors_found} donors have at least {request.min_cells} cells")
        if len(plan.samples) < request.donors:
            warn([f"{request.donors} donors asked for, {len(plan.samples)} found"])
        if given["dry_run"]:
            _show_plan(plan, cache)
            return
        fetched = fetch_samples(census, plan, cache, say)
    card = add_fetched(
        store,
        given["name"],
        plan,
        fetched,
        cache,
        read_options(given["tissue"], plan.organism, given["gene_names"]),
        quality=options.picked(QualityControl, given),
        build=options.picked(BuildOptions, given),
        replace=given["force"],
        progress=say,
    )
    show_graphs(card)
    if card.origin.provenance is not None:
        _show_citations(card.origin.provenance)
    warn(card.origin.warnings)


def _show_plan(plan: "FetchPlan", cache: "SampleCache") -> None:
    from genearena.benchmark.show.data.data_tables import MEGABYTE, dataset_table, sample_table
    from genearena.data.cards.stored_card import Provenance
    from genearena.data.census.terms import ARCHIVE, LICENCE

    show(sample_table(plan, lambda sample: cache.find(sample) is not None))
    show(dataset_table(plan.datasets))
    n_cells = sum(len(sample.cells) for sample in plan.samples)
    size = sum(sample.n_bytes for sample in plan.samples) / MEGABYTE
    tell(f"{n_cells} cells, about {size:.1f} MB of counts before compression")
    datasets = plan.datasets
    _show_citations(
        Provenance(
            archive=ARCHIVE, version=plan.version, licence=LICENCE, datasets=datasets, samples=()
        )
    )
    say("dry run: nothing was written")


def _show_citations(provenance: "Provenance") -> None:
    tell(f"{provenance.archive} {provenance.version}, licence {provenance.licence}; cite:")
    for citation in provenance.citations:
        tell(f"  {citation}")
