"""Timing in turns, medians and how numbers are written."""

import itertools

import numpy as np
import pytest

from speed import stopwatch
from speed.sheet import duration, measured, ratio
from speed.stopwatch import Comparison, Times, in_turns, side_by_side


def test_works_take_turns_after_a_warm_up():
    """A and B run once each, then alternate."""
    done = []
    in_turns([lambda: done.append("A"), lambda: done.append("B")], 3)
    assert "".join(done) == "ABABABAB"


def test_times_are_those_of_the_clock(monkeypatch):
    """With a clock that jumps by 1 s in ours and 3 s in the other, the ratio is 3."""
    ticks = itertools.accumulate(itertools.cycle([0, 1, 0, 3]))
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: next(ticks))
    seconds = side_by_side(lambda: None, lambda: None, 4)
    assert seconds.ours.values == (1, 1, 1, 1)
    assert seconds.ratio.values == (3, 3, 3, 3)


def test_ratio_is_taken_within_a_round():
    """A round in which everything was ten times slower does not change it."""
    seconds = Comparison(Times((1.0, 10.0, 2.0)), Times((2.0, 20.0, 4.0)))
    assert seconds.ratio.values == (2.0, 2.0, 2.0)


def test_median_and_quartiles_are_numpys():
    """Of an even number of values."""
    values = (5.0, 1.0, 2.0, 9.0)
    times = Times(values)
    assert (times.median, *times.quartiles) == tuple(np.quantile(values, [0.5, 0.25, 0.75]))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(4e-5, "40.0 µs"), (0.2434, "243 ms"), (1.5, "1.50 s"), (90, "1.50 min"), (9e5, "10.4 d")],
)
def test_durations_have_three_digits_and_a_unit(seconds, text):
    """From microseconds to days."""
    assert duration(seconds) == text


def test_spread_follows_the_median():
    """In per cent of it for times, as quartiles for ratios."""
    assert measured(Times((0.19, 0.2, 0.23))) == "200 ms ±5 %"
    assert ratio(Times((2.0, 3.0, 40.0))) == "3.00 [2.50, 21.5]"
