"""Durations and sizes as people write them."""

import pytest

from genearena.benchmark.run.workers.limits import Limits, make_limits, parse_duration, parse_size
from genearena.data.common.errors import UsageError


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
    assert make_limits(None, None) == Limits()
    assert make_limits("1min", "1GB") == Limits(60.0, 10**9)
