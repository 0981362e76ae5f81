"""How well methods find orthologs, as a table and as csv."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from genearena.benchmark.biology.orthology.species import BOTH, CHANCE, TOP, Found, SpeciesTable
from genearena.benchmark.show.biology.estimates import lead, with_interval
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Sheet, column_of
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name

QUANTITIES = {
    "reciprocal": "mrr", "top": f"top_{TOP}", "area": "auroc", "area_like": "auroc_like",
    "same": "same_cluster", "same_random": "same_cluster_random",
    "same_like": "same_cluster_like",
}  # fmt: skip
CSV_COLUMNS = (
    "tissue", "source", "species", "orthologs", "pairs", "method", "control", "runs", "quantity",
    "value", "low", "high",
)  # fmt: skip


def species_sheet(table: SpeciesTable) -> Sheet:
    """Return a row for each method, control and baseline."""
    rows = sorted(table.rows, key=lambda row: (row.control, -row.found.area.mean()))
    competes = [not row.control for row in rows]
    means = {
        name: [None if (mean := row.mean(name)) is None else mean.value for row in rows]
        for name in QUANTITIES
    }
    first, second = table.asked.species
    one, two = table.asked.n_graphs
    return Sheet(
        title=f"Orthologs of {first} and {second} in {table.tissue} ({table.source})",
        subtitle=(
            f"{table.asked.n_pairs} pairs by {table.table} in {one} {first} and {two} {second} "
            f"data sets, searched for among {table.asked.n_genes:.0f} genes"
        ),
        key=file_name(table.tissue, table.source, first, second, "orthologs"),
        labels=tuple(row.label for row in rows),
        columns=(
            column_of("MRR", map(number, means["reciprocal"]), arrow="↑"),
            column_of(f"top {TOP}", map(number, means["top"]), arrow="↑"),
            *with_interval("AUROC", [row.mean("area") for row in rows], competes),
            column_of(f"above {BOTH}", (lead(table.above(row)) for row in rows)),
            *with_interval("of genes alike", [row.mean("area_like") for row in rows], competes),
            column_of("in one cluster", map(number, means["same"]), arrow="↑"),
            column_of("random", map(number, means["same_random"])),
            column_of("alike", map(number, means["same_like"])),
            column_of("above alike", (lead(row.mean("same", "same_like")) for row in rows)),
        ),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=tuple(_notes(table)),
    )


def _notes(table: SpeciesTable) -> Iterator[str]:
    found = {how: ", ".join(labels) or "none" for how, labels in table.better.items()}
    yield (
        f"Methods that tell orthologs from genes of like degree and expression, and find them "
        f"better than these do: {found['cosine']}"
    )
    yield f"Methods with more of them in one cluster than such genes: {found['clusters']}"
    apart = [row.label for row in table.rows if row.apart and row.label != CHANCE]
    if apart:
        yield (
            f"Not defined for {', '.join(apart)}: data sets are joined by names, of which two "
            "species have none in common, so that all cosines are 0"
        )
    yield (
        "Of methods that train every graph apart no axis means the same in two; of one run chance "
        "may turn some the same way"
    )
    if table.asked.n_shown:
        yield (
            f"{table.asked.n_shown} pairs are not asked about: both genes bear one name, by which "
            "methods may have joined the species"
        )
    yield (
        "AUROC: the share of the other species' genes that is less similar than the ortholog; MRR "
        f"and top {TOP} are of its rank among them; alike: genes like it in degree and expression. "
        "Pairs of orthologs are drawn again for the intervals"
    )
    yield from table.notes


def species_csv(tables: Iterable[SpeciesTable]) -> str:
    """Return a line for each method and quantity."""
    return csv_text(CSV_COLUMNS, (line for table in tables for line in species_rows(table)))


def species_rows(table: SpeciesTable) -> Iterator[dict[str, object]]:
    """Yield the lines of the csv."""
    for row in table.rows:
        for field in fields(Found):
            mean = row.mean(field.name)
            if mean is not None:
                values = (
                    table.tissue, table.source, " and ".join(table.asked.species), table.table,
                    table.asked.n_pairs, row.label, row.control, row.n_runs,
                    QUANTITIES[field.name], mean.value, mean.low, mean.high,
                )  # fmt: skip
                yield dict(zip(CSV_COLUMNS, values, strict=True))
