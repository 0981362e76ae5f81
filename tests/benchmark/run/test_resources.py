"""What a run may use: device, workers, threads, and limits as people write them."""

import pytest

from genearena.benchmark.run import resources
from genearena.benchmark.run.resources import (
    Resources,
    parse_duration,
    parse_size,
    plan_resources,
)
from genearena.data.common.errors import UsageError

torch = pytest.importorskip("torch")


@pytest.fixture
def cores(monkeypatch):
    """Pretend that there are eight cores and no GPU."""
    monkeypatch.setattr(resources, "usable_cores", lambda: 8)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize(
    ("workers", "threads", "want"),
    [(None, 1, 8), (None, 3, 2), (None, 8, 1), (None, 16, None), (2, 4, 2), (20, 1, 20)],
)
def test_workers_times_threads_fit_the_cores(cores, workers, threads, want):
    """Left open, workers fill the cores; more threads than cores are refused."""
    if want is None:
        with pytest.raises(UsageError, match="1 workers with 16 threads each want 16 cores"):
            plan_resources("auto", workers, threads)
    else:
        assert plan_resources("auto", workers, threads).workers == want


def test_too_many_threads_for_the_workers_are_refused(cores):
    """Threads never outnumber cores."""
    with pytest.raises(UsageError, match="there are 8; lower --jobs or --threads"):
        plan_resources("cpu", 3, 4)


def test_without_a_gpu_runs_take_the_cpu(cores):
    """'auto' falls back to the CPU; 'cuda' says what is missing."""
    assert plan_resources("auto", None, 1) == Resources("cpu", 8, 1, True)
    with pytest.raises(UsageError, match="finds no CUDA device; use --device cpu"):
        plan_resources("cuda", None, 1)


def test_a_gpu_gets_one_worker_unless_more_are_asked_for(cores, monkeypatch):
    """Several workers may share a GPU: each trains one seed at a time."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(resources, "has_gpu_driver", lambda: True)
    assert plan_resources("auto", None, 1) == Resources("cuda", 1, 1, True)
    assert plan_resources("cuda", 2, 1, deterministic=False) == Resources("cuda", 2, 1, False)
    assert plan_resources("cpu", None, 1).device == "cpu"


def test_torch_is_asked_for_a_gpu_only_where_there_is_a_driver(cores, monkeypatch, tmp_path):
    """Its import takes seconds; a request for a GPU by name asks it all the same."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(resources, "_DEVICES", tmp_path)
    assert plan_resources("auto").device == "cpu"
    assert plan_resources("cuda").device == "cuda"
    (tmp_path / "nvidiactl").touch()
    assert plan_resources("auto").device == "cuda"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("1.5 h", 5400),
        ("10min", 600),
        ("10m", 600),
        ("2H", 7200),
        ("1d", 86400),
    ],
)
def test_durations(text, seconds):
    """Seconds unless a unit says otherwise."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "-3", "10 parsecs", "1e3", "nan", "1:30"])
def test_what_is_no_duration_is_refused(text):
    """With examples of what is one."""
    with pytest.raises(UsageError, match=r"give seconds .90., 90s, 10min or 2h"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4GB", 4e9),
        ("4G", 4e9),
        ("800 mb", 8e8),
        ("1.5gb", 1.5e9),
        ("4GiB", 2**32),
        ("512Ki", 2**19),
        ("10B", 10),
        ("1TB", 1e12),
    ],
)
def test_sizes(text, size):
    """Powers of ten, or of two where the i says so."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "4", "0GB", "-1GB", "lots", "4 elephants", "0.1B"])
def test_what_is_no_size_is_refused(text):
    """A bare number could be bytes or gigabytes."""
    with pytest.raises(UsageError, match="give a number with a unit: 800MB, 4GB, 4GiB"):
        parse_size(text)


def test_no_limits_unless_asked_for():
    """Each is given by itself."""
    assert plan_resources("cpu", 1) == Resources()
    assert plan_resources("cpu", 1, timeout="1min") == Resources(timeout=60.0)
    assert plan_resources("cpu", 1, memory="1GB") == Resources(memory=10**9)
