"""A fetch from the Census before it happens, and whom to cite after it."""

from collections.abc import Callable, Sequence

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from genearena.data.cards.stored_card import PublishedDataset
from genearena.data.census.plan import DonorSample, FetchPlan

MEGABYTE = 1e6


def sample_table(plan: FetchPlan, is_kept: Callable[[DonorSample], bool]) -> Table:
    """Return one row per donor: what there is of it, and what would be taken."""
    title = f"{', '.join(plan.tissues)} of {plan.organism}, release {plan.version}"
    table = _table(title)
    for heading in ("donor", "assay", "suspension"):
        table.add_column(heading)
    for heading in ("cells", "taken", "MB"):
        table.add_column(heading, justify="right")
    table.add_column("here already")
    table.add_column("dataset", overflow="fold")
    for sample in plan.samples:
        table.add_row(
            *map(escape, (sample.name, sample.assay, sample.suspension)),
            *map(str, (sample.n_available, len(sample.cells))),
            f"{sample.n_bytes / MEGABYTE:.1f}",
            "yes" if is_kept(sample) else "",
            escape(sample.dataset.title or sample.dataset.dataset_id),
        )
    return table


def dataset_table(datasets: Sequence[PublishedDataset]) -> Table:
    """Return one row per dataset: its collection and DOI."""
    table = _table("datasets")
    for heading in ("dataset", "title", "collection", "DOI"):
        table.add_column(heading, overflow="fold")
    for dataset in datasets:
        row = (dataset.dataset_id, dataset.title, dataset.collection, dataset.doi)
        table.add_row(*map(escape, row))
    return table


def _table(title: str) -> Table:
    return Table(title=escape(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
