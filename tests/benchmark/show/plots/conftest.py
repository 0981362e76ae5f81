"""A small board of made-up records, for tests of its figures."""

from collections.abc import Callable

import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord

Makers = Callable[..., list[RunRecord]]


@pytest.fixture(scope="module")
def records(make_records: Makers) -> list[RunRecord]:
    """Return two seeds of a few methods and metrics, with a control, a failure and a flag."""
    methods = {"pca", "gae", "gene2vec", "giant", "random"}
    metrics = ("edge_auc", "asw", "retrieval")
    return [
        record.model_copy(
            update={"metrics": {m: record.metrics[m] for m in metrics if m in record.metrics}}
        )
        for record in make_records(n_seeds=2)
        if record.method.name in methods
    ]


@pytest.fixture(scope="module")
def board(records: list[RunRecord]) -> Leaderboard:
    """Return the board of these records."""
    return build_leaderboards(records)[0]
