"""The paper's numbers, their recomputation and local results as one tidy csv table."""

from collections.abc import Iterable, Iterator
from itertools import chain

from genearena.benchmark.show.paper.local import Comparison
from genearena.benchmark.show.paper.published import TissueTables
from genearena.benchmark.show.paper.recompute import TABLE_OF, Recomputed
from genearena.data.common.csv_text import csv_text

Value = str | int | float | bool | None

COLUMNS = (
    *("table", "tissue", "method", "quantity", "printed", "sd"),
    *("recomputed", "lowest", "highest", "rounding_explains"),
    *("local_source", "local_simulated", "local_label", "paper_compared", "local", "difference"),
)


def to_csv(
    tables: Iterable[TissueTables],
    averages: Iterable[Recomputed],
    comparisons: Iterable[Comparison],
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
    """
    rows = (map(_metrics, tables), map(_averages, averages), map(_local, comparisons))
    return csv_text(COLUMNS, chain.from_iterable(chain.from_iterable(rows)))


def _metrics(tables: TissueTables) -> Iterator[dict[str, Value]]:
    for i, method in enumerate(tables.methods):
        for j, metric in enumerate(tables.metrics):
            yield {
                "table": tables.table,
                "tissue": tables.tissue,
                "method": method,
                "quantity": metric,
                "printed": float(tables.mean[i, j]),
                "sd": float(tables.sd[i, j]),
            }


def _averages(part: Recomputed) -> Iterator[dict[str, Value]]:
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


def _local(comparison: Comparison) -> Iterator[dict[str, Value]]:
    paper, here = comparison.paper, comparison.here
    for i, (name, row) in enumerate(zip(comparison.names, comparison.rows, strict=True)):
        pairs = {
            "avg_score": (paper.avg_score[i], here.avg_score[i]),
            "avg_rank": (paper.avg_rank[i], here.avg_rank[i]),
        }
        for j, metric in enumerate(comparison.tables.metrics):
            pairs[metric] = (paper.means[i, j], here.means[i, j])
        for quantity, (published, local) in pairs.items():
            yield {
                "tissue": comparison.tables.tissue,
                "method": name,
                "quantity": quantity,
                "local_source": comparison.board.task.source,
                "local_simulated": comparison.board.task.simulated,
                "local_label": row.label,
                "paper_compared": float(published),
                "local": float(local),
                "difference": float(local - published),
            }
