"""What is said of the time runs will take."""

from genearena.benchmark.run.display import estimate_text
from genearena.benchmark.run.estimate import Expected


class Expecting:
    """An estimate that has made up its mind."""

    workers = 2

    def __init__(self, seconds, cpu, peak, unknown=(), guessed=(), sources=("stored runs",)):
        self.sources = lambda: sources
        self.left = lambda: None if seconds is None else Expected(seconds, cpu, peak)
        self.unknown = lambda: unknown
        self.guessed = lambda: guessed


def test_an_estimate_tells_time_work_and_memory():
    """One line: wall time on so many workers, CPU-hours, memory of each."""
    text = estimate_text(Expecting(185, 720, 1.234e9))
    assert text == (
        "about 3 min 05 s on 2 workers (0.2 CPU-hours, up to 1.23 GB each), judging by stored runs"
    )


def test_what_is_missing_for_an_estimate_is_named():
    """Methods that have never been run here stand in the place of a guess."""
    text = estimate_text(Expecting(None, None, None, ("gae", "mae")))
    assert text == "no estimate of time yet: no stored runs of gae, mae"


def test_a_guess_is_called_one():
    """Shipped timings are another machine's, and tell nothing of memory."""
    text = estimate_text(Expecting(185, 720, 0.0, guessed=("gae", "mae")))
    assert text == (
        "about 3 min 05 s on 2 workers (0.2 CPU-hours), a guess from timings that ship with the "
        "suite, for want of stored runs of gae, mae"
    )
