"""The numbers of the paper's Tables 1 and 14 to 24."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from genearena.benchmark.compare.aggregate import Floats
from genearena.data.common.errors import StoreError

CITATION = "MuSe-GNN, arXiv 2310.02275"
SCORE_TABLE, RANK_TABLE = 1, 14

LOCAL_METHODS: Mapping[str, str] = {
    "PCA": "pca",
    "Gene2vec": "gene2vec",
    "GIANT": "giant",
    "WSMAE": "wsmae",
    "GAE": "gae",
    "VGAE": "vgae",
    "MAE": "mae",
    "MuSe-GNN": "musegnn",
}
"""The paper's methods that the suite has, by their names there."""

LOCAL_METRICS: Mapping[str, str] = {
    "ASW": "asw",
    "AUC": "edge_auc",
    "iLISI": "ilisi",
    "GC": "graph_connectivity",
    "CGR": "cgr",
    "NO": "neighbour_overlap",
}
"""The paper's metrics by their names in the suite; all of them are better when higher."""


@dataclass(frozen=True, eq=False)
class TissueTables:
    """What the paper prints about one tissue: names as printed, numbers to two decimals.

    Parameters
    ----------
    table
        Number of the table of metrics.
    mean, sd
        (methods, metrics) over ten seeds.
    avg_score, avg_rank
        (methods,) columns of Tables 1 and 14.
    """

    table: int
    tissue: str
    methods: tuple[str, ...]
    metrics: tuple[str, ...]
    mean: Floats
    sd: Floats
    avg_score: Floats
    avg_rank: Floats


@cache
def published() -> tuple[TissueTables, ...]:
    """Read the printed numbers, one entry per tissue in the paper's order.

    Raises
    ------
    StoreError
        If the files are missing from the installation or are not what was shipped.
    """
    try:
        metrics, averages = list(_rows("metrics.csv")), list(_rows("averages.csv"))
        tissues = dict.fromkeys(row["tissue"] for row in metrics)
        return tuple(_tissue(name, metrics, averages) for name in tissues)
    except (OSError, KeyError, ValueError) as error:
        raise StoreError(
            f"the published tables are missing or damaged ({error}); install genearena again"
        ) from error


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("genearena.benchmark.show.paper") / "tables" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _tissue(
    tissue: str, metrics: Sequence[dict[str, str]], averages: Sequence[dict[str, str]]
) -> TissueTables:
    own = [row for row in metrics if row["tissue"] == tissue]
    names = tuple(dict.fromkeys(row["method"] for row in own))
    columns = tuple(dict.fromkeys(row["metric"] for row in own))
    cells = {(row["method"], row["metric"]): row for row in own}
    printed = {
        (row["quantity"], row["method"]): float(row["value"])
        for row in averages
        if row["tissue"] == tissue
    }
    return TissueTables(
        table=int(own[0]["table"]),
        tissue=tissue,
        methods=names,
        metrics=columns,
        mean=np.array([[float(cells[m, c]["mean"]) for c in columns] for m in names]),
        sd=np.array([[float(cells[m, c]["sd"]) for c in columns] for m in names]),
        avg_score=np.array([printed["avg_score", m] for m in names]),
        avg_rank=np.array([printed["avg_rank", m] for m in names]),
    )
