"""The nearest genes of one, as tables and as csv."""

from collections.abc import Iterable, Iterator

from genearena.benchmark.biology.neighbours import Neighbour, Neighbours
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name

CSV_COLUMNS = (
    "tissue", "source", "method", "gene", "neighbour", "near_in", "datasets_with_both", "cosine",
    "correlation", "edges", "edges_kept_back", "datasets_kept_back", "shared_sets",
    "near_in_datasets",
)  # fmt: skip


def neighbour_sheet(found: Neighbours, most: int) -> Sheet:
    """Return a row for each of the nearest, at most so many."""
    rows = found.rows[:most]
    columns = [
        column_of("near in", (_of(len(row.near), row.both) for row in rows), arrow="↑"),
        column_of("cosine", (number(row.cosine) for row in rows)),
        column_of("correlation", (number(row.correlation) for row in rows), group="extra"),
        column_of("edge in", (_of(row.edges, row.both) for row in rows), group="extra"),
    ]
    if found.n_kept_back:
        again = (_of(row.kept_back, row.both_kept_back) for row in rows)
        columns.append(column_of("kept-back edge in", again, group="extra"))
    if any(row.shared for row in rows):
        texts = tuple(Entry(_shared(row)) for row in rows)
        columns.append(Column("shared sets, the smallest", "extra", texts, kind="text"))
    return Sheet(
        title=f"{found.gene} in {found.tissue} ({found.source}) by {found.label}",
        subtitle=(
            f"among the {found.k} nearest of each of {len(found.datasets)} data sets, "
            f"{found.n_runs} run{'s' if found.n_runs > 1 else ''}"
        ),
        key=file_name(found.tissue, found.source, found.label, found.gene),
        labels=tuple(row.gene for row in rows),
        columns=tuple(columns),
        notes=tuple(_notes(found, most)),
        corner="Gene",
    )


def _of(count: int, all_of_them: int) -> str:
    return f"{count} of {all_of_them}" if all_of_them else NOTHING


def _shared(row: Neighbour) -> str:
    return f"{len(row.shared)}: {cut(row.shared[0])}" if row.shared else ""


def _notes(found: Neighbours, most: int) -> Iterator[str]:
    yield (
        f"A gene drawn at random is among the nearest in {found.by_chance:.2f} of "
        f"{len(found.datasets)} data sets; counts are of those that have both genes"
    )
    yield (
        "correlation: of the profiles, over cells; kept-back edge: co-expression in cells that the "
        "method did not see, of the data sets that keep any"
    )
    if len(found.rows) > most:
        yield f"{len(found.rows) - most} more, near in {len(found.rows[most].near)} or fewer"


def neighbour_csv(tables: Iterable[Neighbours]) -> str:
    """Return a line for each gene that is among the nearest somewhere."""
    return csv_text(CSV_COLUMNS, (line for table in tables for line in neighbour_rows(table)))


def neighbour_rows(found: Neighbours) -> Iterator[dict[str, object]]:
    """Yield a row of the csv for each of the nearest, by the names of its columns."""
    for row in found.rows:
        values = (
            found.tissue, found.source, found.label, found.gene, row.gene, len(row.near), row.both,
            row.cosine, row.correlation, row.edges, row.kept_back, row.both_kept_back,
            "; ".join(row.shared), "; ".join(row.near),
        )  # fmt: skip
        yield dict(zip(CSV_COLUMNS, values, strict=True))
