"""Many records: nothing lost, nothing loosened, and little memory each."""

import gc
import tracemalloc
from pathlib import Path

import pytest
from many_records import many_records, write_many
from pydantic import ValidationError

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.collector import paused_collector


def test_every_record_is_read_back(tmp_path: Path):
    """A folder of records gives the records back, equal and in order of run id."""
    write_many(tmp_path, n_tissues=3, n_methods=12, n_seeds=4)
    read = ResultStore(tmp_path).records()
    assert read == sorted(many_records(3, 12, 4), key=lambda r: r.run_id)
    boards = build_leaderboards(read)
    assert [len(board.rows) for board in boards] == [12] * 3


def test_a_record_is_small():
    """A record in memory takes less than four times its bytes on disk."""
    texts = [r.model_dump_json(indent=1) for r in many_records(1, 5, 40)]
    RunRecord.model_validate_json(texts[0])
    tracemalloc.start()
    records = [RunRecord.model_validate_json(text) for text in texts]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(records) < 4 * len(texts[0])


def test_collector_is_paused_and_resumed():
    """Garbage collection is off inside, on again after, also after an error and when nested."""

    @paused_collector()
    def fail():
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.isenabled()


@pytest.mark.parametrize(
    "wrong", [{"label": "A", "extra": 1}, {"label": 3}, {"label": "A", "value": "x"}, {}]
)
def test_metric_results_stay_strictly_checked(wrong: dict):
    """A metric's answer with unknown, missing or ill-typed fields is refused."""
    with pytest.raises(ValidationError):
        MetricResult(**wrong)
