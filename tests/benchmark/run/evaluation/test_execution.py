"""What a run may use: device, workers, threads."""

import pytest

from genearena.benchmark.run.evaluation import execution
from genearena.benchmark.run.evaluation.execution import Execution, plan_execution
from genearena.data.common.errors import UsageError

torch = pytest.importorskip("torch")


@pytest.fixture
def cores(monkeypatch):
    """Pretend that there are eight cores and no GPU."""
    monkeypatch.setattr(execution, "usable_cores", lambda: 8)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize(
    ("workers", "threads", "want"),
    [(None, 1, 8), (None, 3, 2), (None, 8, 1), (None, 16, None), (2, 4, 2), (20, 1, 20)],
)
def test_workers_times_threads_fit_the_cores(cores, workers, threads, want):
    """Left open, workers fill the cores; more threads than cores are refused."""
    if want is None:
        with pytest.raises(UsageError, match="1 workers with 16 threads each want 16 cores"):
            plan_execution("auto", workers, threads, True)
    else:
        assert plan_execution("auto", workers, threads, True).workers == want


def test_too_many_threads_for_the_workers_are_refused(cores):
    """Threads never outnumber cores."""
    with pytest.raises(UsageError, match="there are 8; lower --jobs or --threads"):
        plan_execution("cpu", 3, 4, True)


def test_without_a_gpu_runs_take_the_cpu(cores):
    """'auto' falls back to the CPU; 'cuda' says what is missing."""
    assert plan_execution("auto", None, 1, True) == Execution("cpu", 8, 1, True)
    with pytest.raises(UsageError, match="finds no CUDA device; use --device cpu"):
        plan_execution("cuda", None, 1, True)


def test_a_gpu_gets_one_worker_unless_more_are_asked_for(cores, monkeypatch):
    """Several workers may share a GPU: each trains one seed at a time."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert plan_execution("auto", None, 1, True) == Execution("cuda", 1, 1, True)
    assert plan_execution("cuda", 2, 1, False) == Execution("cuda", 2, 1, False)
    assert plan_execution("cpu", None, 1, True).device == "cpu"
