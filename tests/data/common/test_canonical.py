"""Equal values have one canonical form, in every process; what has none is refused by name."""

import enum
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from genearena.data.common.canonical import InputFile, canonical, canonical_text
from genearena.data.common.errors import UsageError


class Colour(enum.Enum):
    """A member and its value."""

    RED = "red"


SAME = [
    (np.float64(0.1), 0.1),
    (np.int64(3), 3),
    (np.bool_(True), True),
    (np.str_("x"), "x"),
    ((1, (2, 3)), [1, [2, 3]]),
    ({"b": 1, "a": {2, 1}}, {"a": [1, 2], "b": 1}),
    (frozenset({"z", "a"}), ["a", "z"]),
    (Path("a/b"), "a/b"),
    (Colour.RED, "red"),
    (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
    (MappingProxyType({"a": None}), {"a": None}),
]


@pytest.mark.parametrize(("value", "plain"), SAME, ids=lambda value: type(value).__name__)
def test_values_that_mean_the_same_are_the_same(value, plain):
    """The form is what JSON holds, and its own form."""
    assert canonical(value) == plain
    assert canonical_text(value) == canonical_text(plain)
    assert canonical(canonical(value)) == canonical(value)


@pytest.mark.parametrize(("first", "second"), [(1, True), (1, 1.0), (1, "1"), (None, "None")])
def test_values_of_other_kinds_are_told_apart(first, second):
    """Python calls some of them equal; a method may not."""
    assert canonical_text(first) != canonical_text(second)


HOLDS_ITSELF: list = []
HOLDS_ITSELF.append(HOLDS_ITSELF)
REFUSED = {
    "function": len,
    "lambda": lambda: None,
    "array": np.ones(2),
    "object": object(),
    "class": int,
    "bytes": b"x",
    "nan": float("nan"),
    "infinite": -np.inf,
    "half_nan": np.float16("nan"),
    "long_double": np.longdouble(1),
    "date": np.datetime64("2020-01-01"),
    "complex": 1j,
    "huge": 10**5000,
    "numbered": {1: "x"},
    "surrogate": "\udcff",
    "deep": [{"a": [len]}],
    "itself": HOLDS_ITSELF,
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_in_one_line(value):
    """An address, an order or a rounding would enter the identity otherwise."""
    with pytest.raises(UsageError) as error:
        canonical(value)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 300


def test_the_hash_seed_of_the_interpreter_does_not_matter():
    """A set has another order in every process; its form has one."""
    code = (
        "from genearena.data.common.canonical import canonical_text as text;"
        "print(text(frozenset('abcdefgh')), text({'x': {'ab', 'cd', 'ef'}}))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(seen) == 1


def test_a_file_is_what_it_holds(tmp_path):
    """Whatever it is called and wherever it lies; a changed file is another value."""
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("abc")
    second.write_text("abc")
    # the SHA-256 of "abc", as FIPS 180-2 gives it
    want = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert canonical([InputFile.at(first), InputFile.at(second)]) == [want, want]
    second.write_text("abcd")
    assert canonical(InputFile.at(second)) != want
    assert Path(InputFile.at(first)) == first
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(OSError, match=r"no plain file|No such file"):
            InputFile.at(path)
