"""Methods that hang, eat memory, crash or leave end as records; what they did goes no further."""

import pytest

from genearena.benchmark.run.evaluation.job import derive_seed

TIMEOUT, MEMORY = 1.5, 500_000_000
HANGING = ("HangsInC", "HangsWithChildren")
DEADLY = (
    "Segfaults", "Aborts", "ExitsHard", "KilledFromOutside", "LeavesForked", "Leaks", "ChildLeaks",
)  # fmt: skip
HARMLESS = ("Raises", "Exits", "Interrupts", "Nan", "WrongShape", "WrongType", "DiskFull")


@pytest.fixture(scope="module")
def ends(carry_out, strays):
    """Carry out every method that does not end well, under limits."""
    found = carry_out(*HANGING, timeout=TIMEOUT)
    found |= carry_out(*DEADLY, *HARMLESS, memory=MEMORY)
    return {name: end for (name, _), end in found.items()}


def told(end):
    """Return status and reason of a job's end."""
    return end.outcome.status, end.outcome.reason


@pytest.mark.parametrize("name", HANGING)
def test_a_run_over_its_time_is_killed(ends, name):
    """Even in a C loop that holds the interpreter lock and ignores signals; the stack is kept."""
    assert told(ends[name]) == ("timeout", "no end after 1.5 s (--timeout)")
    assert "bad_plugins.py" in ends[name].outcome.traceback
    assert "in fit" in ends[name].outcome.traceback
    assert ends[name].outcome.cost.fit_seconds >= TIMEOUT


@pytest.mark.parametrize("name", ["Leaks", "ChildLeaks"])
def test_a_run_over_its_memory_is_killed(ends, name):
    """The reason has both numbers; memory of children counts."""
    status, reason = told(ends[name])
    assert status == "oom"
    assert reason.startswith("over the memory limit: ")
    assert reason.endswith("MB held, 500 MB allowed (--memory)") or "GB held, 500 MB" in reason
    assert ends[name].outcome.cost.peak_rss_bytes > MEMORY


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "Segfaults",
            "the worker process was killed by SIGSEGV in training; a write to the graphs, which "
            "are read-only, ends like this",
        ),
        ("Aborts", "the worker process was killed by SIGABRT in training"),
        ("ExitsHard", "the worker process ended with exit code 7 in training"),
        ("Exits", "SystemExit: 3"),
        ("Interrupts", "KeyboardInterrupt: no message"),
        ("Raises", "ValueError: the matrix is singular"),
    ],
)
def test_a_crash_or_an_exit_is_the_methods_failure(ends, name, reason):
    """It is named in one line, and not tried again."""
    assert told(ends[name]) == ("failed", reason)
    assert ends[name].attempts == 1
    assert ends[name].outcome.fault == "method"


def test_a_crash_tells_where_it_was_and_what_was_printed(ends):
    """The Python stack, and what C++ said last, without the list of all modules."""
    assert "Segmentation fault" in ends["Segfaults"].outcome.traceback
    assert "bad_plugins.py" in ends["Segfaults"].outcome.traceback
    assert "std::bad_alloc" in ends["Aborts"].outcome.traceback
    assert "Extension modules" not in ends["Segfaults"].outcome.traceback


@pytest.mark.parametrize("name", ["Nan", "WrongShape", "WrongType"])
def test_nonsense_is_a_failure(ends, name):
    """Vectors that break the contract."""
    assert ends[name].outcome.status == "failed"
    assert "embed() gave" in ends[name].outcome.reason


def test_a_death_from_outside_is_tried_again_and_not_blamed_on_the_method(ends):
    """Three attempts, and a hint at the usual cause."""
    end = ends["KilledFromOutside"]
    assert end.attempts == 3
    assert end.outcome.fault == "infrastructure"
    assert told(end) == (
        "failed",
        "not the method's fault, 3 attempts: the worker process was killed by SIGKILL from "
        "outside in training; systems short of memory do this: lower --jobs or set --memory",
    )


def test_a_full_disk_is_not_the_methods_fault(ends):
    """It is tried again as well."""
    assert ends["DiskFull"].attempts == 3
    assert ends["DiskFull"].outcome.fault == "infrastructure"
    assert "No space left on device" in ends["DiskFull"].outcome.reason


@pytest.mark.parametrize(("name", "stray"), [("HangsWithChildren", "children")])
def test_children_die_with_a_killed_run(ends, left_alive, name, stray):
    """Also one that has left the process group."""
    assert ends[name].outcome.status == "timeout"
    assert left_alive(stray) == []


def test_a_child_that_holds_the_workers_files_does_not_hide_its_crash(ends, left_alive):
    """The end of the connection is not waited for, and the child is killed."""
    assert "SIGSEGV" in ends["LeavesForked"].outcome.reason
    assert left_alive("forked") == []


@pytest.mark.parametrize(
    ("method", "status"), [("SomeSeedsSegfault", "failed"), ("SomeSeedsHang", "timeout")]
)
def test_one_seeds_crash_is_not_the_others(carry_out, method, status):
    """A seed that crashes or hangs is a row of its own."""
    drawn = {derive_seed(s, "lung/tiny", f"bad_plugins:{method}", "fit") % 2: s for s in range(20)}
    bad, good = drawn[0], drawn[1]
    ends = carry_out(method, seeds=(bad, good), workers=1, timeout=1.5)
    assert ends[method, bad].outcome.status == status
    assert ends[method, good].outcome.reason == "ValueError: this seed is innocent"
    assert all(end.attempts == 1 for end in ends.values())


def test_who_was_killed_once_by_someone_else_ends_well(carry_out, strays):
    """The second attempt counts, and is counted."""
    ((_, end),) = carry_out("KilledOnce", workers=1).items()
    assert end.outcome.status == "ok"
    assert end.attempts == 2
