"""``bench data fetch``: donors of a tissue from CELLxGENE Census."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genearena.benchmark.commands.data import build_options
from genearena.benchmark.commands.data.options import data_dir_option, force_option, picked
from genearena.benchmark.show.data.data_display import say, show, warn
from genearena.data.common.screen import tell
from genearena.data.store import Store

if TYPE_CHECKING:
    from genearena.data.cards.provenance import Provenance
    from genearena.data.cards.stored_card import SourceCard
    from genearena.data.census.cache import SampleCache
    from genearena.data.census.plan import FetchPlan, FetchRequest


@click.command("fetch")
@click.option("--tissue", required=True, help="Tissue, as the suite is to call it.")
@click.option("--donors", default=5, show_default=True, type=click.IntRange(1))
@click.option(
    "--cells-per-donor",
    default=1000,
    show_default=True,
    type=click.IntRange(40),
    help="Cells taken of each donor, at random.",
)
@click.option(
    "--assay", default="10x", show_default=True, help="Assay, or the start of several; any for all."
)
@click.option(
    "--disease", default="normal", show_default=True, help="Disease of the donors; any for all."
)
@click.option("--species", default="human", show_default=True)
@click.option(
    "--census-tissue",
    "census_tissues",
    multiple=True,
    help="The Census' own name of the tissue, if it differs; repeatable.",
)
@click.option(
    "--census-version",
    default="stable",
    show_default=True,
    help="Release: a date, stable or latest.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0))
@click.option("--name", default="census", show_default=True, help="Name of the data set.")
@build_options.n_genes
@click.option(
    "--gene-names",
    type=click.Choice(["symbol", "ensembl"]),
    default="symbol",
    show_default=True,
)
@build_options.residuals
@build_options.alpha
@build_options.fdr
@build_options.min_genes
@click.option("--dry-run", is_flag=True, help="Show what would come, and write nothing.")
@force_option
@data_dir_option
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path),
    help="Where downloads are kept; by default $GENEARENA_CACHE or the user's cache folder.",
)
def command(**options: Any) -> None:
    """Fetch donors of a tissue from CELLxGENE Census and turn them into graphs.

    Takes the donors with most cells, each from one dataset and one assay. What is downloaded is
    kept with checksums: after an interruption the same command fetches only what is missing.
    Needs the extra genearena[census] and a network.
    """
    from genearena.data.add import check_new_name
    from genearena.data.census import soma
    from genearena.data.census.cache import SampleCache, default_cache
    from genearena.data.census.fetch import fetch_samples
    from genearena.data.census.plan import FetchRequest, plan_fetch
    from genearena.data.census.terms import resolve_version
    from genearena.data.preprocessing.residuals import MODELS

    store = Store(options["data_dir"])
    check_new_name(store, options["tissue"], options["name"], options["force"])
    MODELS.entry(options["residuals"])
    request: FetchRequest = picked(FetchRequest, options)
    client = soma.SomaClient()
    version = resolve_version(options["census_version"], client.versions())
    say(f"looking for donors in release {version}")
    with client.open(version) as census:
        plan = plan_fetch(census, version, request)
        cache = SampleCache(options["cache_dir"] or default_cache(), version, plan.organism)
        _say_found(plan, request)
        if options["dry_run"]:
            _show_plan(plan, cache)
            return
        fetched = fetch_samples(census, plan, cache, say)
    _show_card(_add(store, plan, fetched, cache, options))


def _add(
    store: Store, plan: "FetchPlan", fetched: Any, cache: "SampleCache", options: dict[str, Any]
) -> "SourceCard":
    from genearena.data.build import BuildOptions
    from genearena.data.census.fetch import add_fetched, read_options
    from genearena.data.quality.filtering import QualityControl

    return add_fetched(
        store,
        options["name"],
        plan,
        fetched,
        cache,
        read_options(options["tissue"], plan.organism, options["gene_names"]),
        quality=picked(QualityControl, options),
        build=picked(BuildOptions, options),
        replace=options["force"],
        progress=say,
    )


def _say_found(plan: "FetchPlan", request: "FetchRequest") -> None:
    say(f"{plan.n_donors_found} donors have at least {request.min_cells} cells")
    if len(plan.samples) < request.donors:
        warn([f"{request.donors} donors asked for, {len(plan.samples)} found"])


def _show_plan(plan: "FetchPlan", cache: "SampleCache") -> None:
    from genearena.benchmark.show.data.census_tables import MEGABYTE, dataset_table, sample_table
    from genearena.data.cards.provenance import Provenance
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


def _show_card(card: "SourceCard") -> None:
    from genearena.benchmark.show.data.data_tables import graph_table, rules_line

    show(graph_table(f"{card.tissue} ({card.source})", card.graphs))
    tell(rules_line(card.graphs))
    if card.origin.provenance is not None:
        _show_citations(card.origin.provenance)
    warn(card.origin.warnings)


def _show_citations(provenance: "Provenance") -> None:
    tell(f"{provenance.archive} {provenance.version}, licence {provenance.licence}; cite:")
    for citation in provenance.citations:
        tell(f"  {citation}")
