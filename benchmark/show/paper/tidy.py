"""The paper's numbers, their recomputation and local results as one tidy csv table."""

from collections.abc import Iterable, Iterator
from itertools import chain

from genearena.benchmark.show.paper.local import Comparison
from genearena.benchmark.show.paper.others import OtherTable
from genearena.benchmark.show.paper.published import TissueTables
from genearena.benchmark.show.paper.recompute import TABLE_OF, Recomputed
from genearena.data.common.csv_text import csv_text

COLUMNS = (
    *("table", "tissue", "method", "quantity", "printed", "sd"),
    *("recomputed", "lowest", "highest", "rounding_explains"),
    *("local_source", "local_simulated", "local_label", "paper_compared", "local", "difference"),
)


def to_csv(
    tables: Iterable[TissueTables],
    averages: Iterable[Recomputed],
    comparisons: Iterable[Comparison],
    others: Iterable[OtherTable] = (),
) -> str:
    """Write one row per number the paper prints, then one per number compared with a local one.

    Parameters
    ----------
    tables
        Tables 15-24 to write.
    averages
        Columns of Tables 1 and 14 to write; `lowest` and `highest` are what they can be, given
        that metrics were rounded.
    comparisons
        Local results; `paper_compared` is the paper's number over the methods that both have.
    others
        Tables 3-13 to write: `method` is the row's name.
    """
    return csv_text(COLUMNS, chain(_printed(others), _rows(tables, averages, comparisons)))


def _printed(tables: Iterable[OtherTable]) -> Iterator[dict[str, object]]:
    for table in tables:
        for (row, column), (text, sd) in table.cells.items():
            cell = {"table": table.number, "method": row, "quantity": column}
            yield cell | {"printed": text, "sd": sd}


def _rows(
    tables: Iterable[TissueTables],
    averages: Iterable[Recomputed],
    comparisons: Iterable[Comparison],
) -> Iterator[dict[str, object]]:
    for table in tables:
        for i, method in enumerate(table.methods):
            for j, metric in enumerate(table.metrics):
                yield {
                    "table": table.table,
                    "tissue": table.tissue,
                    "method": method,
                    "quantity": metric,
                    "printed": float(table.mean[i, j]),
                    "sd": float(table.sd[i, j]),
                }
    for part in averages:
        for i, method in enumerate(part.methods):
            yield {
                "table": TABLE_OF[part.quantity],
                "tissue": part.tissue,
                "method": method,
                "quantity": part.quantity,
                "printed": float(part.printed[i]),
                "recomputed": float(part.ours[i]),
                "lowest": float(part.low[i]),
                "highest": float(part.high[i]),
                "rounding_explains": bool(part.explained[i]),
            }
    for comparison in comparisons:
        yield from _local(comparison)


def _local(comparison: Comparison) -> Iterator[dict[str, object]]:
    paper, here, task = comparison.paper, comparison.here, comparison.board.task
    quantities = {
        "avg_score": (paper.avg_score, here.avg_score),
        "avg_rank": (paper.avg_rank, here.avg_rank),
    }
    for j, metric in enumerate(comparison.tables.metrics):
        quantities[metric] = (paper.means[:, j], here.means[:, j])
    for i, (name, row) in enumerate(zip(comparison.names, comparison.rows, strict=True)):
        for quantity, (published, local) in quantities.items():
            yield {
                "tissue": comparison.tables.tissue,
                "method": name,
                "quantity": quantity,
                "local_source": task.source,
                "local_simulated": task.simulated,
                "local_label": row.label,
                "paper_compared": float(published[i]),
                "local": float(local[i]),
                "difference": float(local[i] - published[i]),
            }
