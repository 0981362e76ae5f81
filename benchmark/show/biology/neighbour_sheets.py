"""The nearest genes of one, as tables and as csv."""

from collections.abc import Callable, Iterable, Iterator

from genearena.benchmark.biology.neighbours import Neighbour, Neighbours
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name

CSV_COLUMNS = (
    "tissue", "source", "method", "gene", "neighbour", "near_in", "datasets_with_both", "cosine",
    "correlation", "edges", "edges_kept_back", "shared_sets", "near_in_datasets",
)  # fmt: skip


def neighbour_sheet(found: Neighbours, most: int) -> Sheet:
    """Return a row for each of the nearest, at most so many."""
    rows = found.rows[:most]
    columns = [
        Column("near in", "scored", _counts(rows, lambda row: len(row.near)), "↑"),
        Column("cosine", "scored", _numbers(row.cosine for row in rows)),
        Column("correlation", "extra", _numbers(row.correlation for row in rows)),
        Column("edge in", "extra", _counts(rows, lambda row: row.edges)),
    ]
    if found.n_kept_back:
        kept_back = _counts(rows, lambda row: row.kept_back)
        columns.append(Column("kept-back edge in", "extra", kept_back))
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


def _counts(rows: Iterable[Neighbour], of: Callable[[Neighbour], int]) -> tuple[Entry, ...]:
    return tuple(Entry(f"{of(row)} of {row.both}", value=of(row)) for row in rows)


def _numbers(values: Iterable[float]) -> tuple[Entry, ...]:
    return tuple(Entry(number(value), value=value) for value in values)


def _shared(row: Neighbour) -> str:
    return f"{len(row.shared)}: {cut(row.shared[0])}" if row.shared else ""


def _notes(found: Neighbours, most: int) -> Iterator[str]:
    yield (
        f"A gene drawn at random is among the nearest in {found.by_chance:.2f} of "
        f"{len(found.datasets)} data sets; counts are of those that have both genes"
    )
    yield (
        "correlation: of the profiles, over cells; kept-back edge: co-expression in cells that the "
        "method did not see"
    )
    if len(found.rows) > most:
        yield f"{len(found.rows) - most} more, near in {len(found.rows[most].near)} or fewer"


def neighbour_csv(tables: Iterable[Neighbours]) -> str:
    """Return a line for each gene that is among the nearest somewhere."""
    return csv_text(CSV_COLUMNS, (line for table in tables for line in _lines(table)))


def _lines(found: Neighbours) -> Iterator[dict[str, object]]:
    for row in found.rows:
        values = (
            found.tissue, found.source, found.label, found.gene, row.gene, len(row.near), row.both,
            row.cosine, row.correlation, row.edges, row.kept_back, "; ".join(row.shared),
            "; ".join(row.near),
        )  # fmt: skip
        yield dict(zip(CSV_COLUMNS, values, strict=True))
