"""Time and memory of a run are its own, children included."""

import platform

import pytest

from genearena.benchmark.run.workers import process

MB = 10**6


@pytest.fixture(scope="module")
def ends(carry_out):
    """Run methods that use and keep memory and time, each thrice in one process.

    What the first run imports is no concern of ours, so that the others are returned.
    """
    found = {}
    for name in ("Works", "Keeps", "Slow"):
        _, second, third = carry_out(name, seeds=(0, 1, 2), workers=1).values()
        found[name] = second.outcome.cost, third.outcome.cost
    return found


def test_cpu_time_counts_children(ends):
    """0.15 s here and 0.15 s in a child; sleeping costs none."""
    assert all(0.3 <= cost.cpu_seconds < 3 for cost in ends["Works"])
    assert all(cost.fit_seconds >= 0.5 for cost in ends["Slow"])
    assert all(cost.cpu_seconds < 0.4 for cost in ends["Slow"])


def test_the_peak_is_that_of_the_run_not_of_the_process(ends):
    """100 MB held for a moment show in that run's peak, and in no later one's base."""
    first, second = ends["Works"]
    assert first.peak_rss_bytes - first.base_rss_bytes > 95 * MB
    assert second.base_rss_bytes - first.base_rss_bytes < 60 * MB
    # what a run keeps is the next one's base
    first, second = ends["Keeps"]
    assert second.base_rss_bytes - first.base_rss_bytes > 250 * MB
    assert ends["Slow"][1].peak_rss_bytes - ends["Slow"][1].base_rss_bytes < 60 * MB


def test_a_process_that_keeps_most_of_its_room_is_replaced(carry_out):
    """So that the next run is not killed for what an earlier one kept."""
    found = carry_out("KeepsAndRaises", seeds=(0, 1, 2), workers=1, memory=500 * MB)
    assert {end.outcome.reason for end in found.values()} == {"ValueError: kept it"}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told to")
def test_freed_memory_is_used_again(carry_out):
    """Arrays of 40 MB that come and go 50 times are cleared by the system once, not 50 times."""
    ((_, end),) = carry_out("Churns", workers=1).items()
    assert int(end.outcome.reason.removeprefix("ValueError: ")) < 3 * 40 * MB / 4096


def test_runs_say_where_they_took_place(carry_out):
    """An executor on another machine describes that one."""
    ((_, end),) = carry_out("Raises", workers=1).items()
    assert end.outcome.environment.packages["numpy"]


def test_workers_keep_what_a_step_of_training_frees(monkeypatch):
    """Unless who starts them says otherwise."""
    seen = []
    monkeypatch.setattr(process.subprocess, "Popen", lambda *_, env, **__: seen.append(env))
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "7")
    process._start([], 0, 1)
    (environment,) = seen
    assert environment["MALLOC_MMAP_THRESHOLD_"] == str(2**32)
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "7"
