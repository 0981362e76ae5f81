"""Whose fault a worker's death is."""

import signal

import pytest

from genearena.benchmark.run.workers.supervise import ending


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGALRM"])
def test_crashes_are_the_methods(name):
    """Signals that come from within, named."""
    outcome = ending(-signal.Signals[name], "training", running=True)
    assert outcome.fault == "method"
    assert outcome.reason.startswith(f"the worker process was killed by {name} in training")
    assert ("write to the graphs" in outcome.reason) == (name in ("SIGSEGV", "SIGBUS"))


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP", "SIGXCPU"])
def test_signals_of_others_are_not(name):
    """People, schedulers and the kernel send them."""
    outcome = ending(-signal.Signals[name], "scoring", running=True)
    assert outcome.fault == "infrastructure"
    assert "from outside in scoring" in outcome.reason


@pytest.mark.parametrize("code", [0, 1, -signal.SIGSEGV, None])
def test_before_the_run_began_its_method_is_innocent(code):
    """It has not been asked for anything."""
    outcome = ending(code, "", running=False)
    assert outcome.fault == "infrastructure"
    assert outcome.reason.endswith("in starting")


def test_an_exit_is_the_methods_and_a_riddle_is_not():
    """Exit codes are told; a process of which nothing can be told is blamed on nobody."""
    assert ending(7, "training", running=True).fault == "method"
    assert ending(None, "training", running=True).fault == "infrastructure"
    assert "signal 200" in ending(-200, "training", running=True).reason
