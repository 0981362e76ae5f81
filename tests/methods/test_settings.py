"""Settings are checked in one place, by what the constructors' annotations say."""

import enum
import inspect
import itertools
import math
import re
import typing
from pathlib import Path

import numpy as np
import pytest

from genearena.data.common.errors import GeneArenaError, UsageError
from genearena.methods.base import Method, check_vectors
from genearena.methods.declarations import method_faults
from genearena.methods.registry import METHODS
from genearena.methods.settings import File, plain_settings, read_settings, setting_faults

BUILTIN = tuple(METHODS.builtin)
# what would take long or much memory if it were taken, and what every type may hold
WRONG = (-5, -0.5, 0, 0.0, math.nan, math.inf, -math.inf, 10**30, 1e30, -1e30, 1e-30, "7", True,
         None, (), [1, 2, 3], {"a": 1}, 2.5, np.ones(2), len)  # fmt: skip


def numeric_settings():
    """Return (method, setting) for all settings of all methods whose default is a number."""
    for name in BUILTIN:
        for setting, parameter in inspect.signature(METHODS.load(name)).parameters.items():
            if setting != "seed" and not isinstance(parameter.default, str):
                yield name, setting


NUMERIC = tuple(numeric_settings())
SMALL = {"epochs": 2, "walks_per_gene": 2, "walk_length": 5, "window": 2, "dim": 8}


def small(name):
    """Return settings of a short training."""
    taken = inspect.signature(METHODS.load(name)).parameters
    return {setting: value for setting, value in SMALL.items() if setting in taken}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "setting"), NUMERIC)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_number_is_refused_in_one_line_or_trains_properly(name, setting, modules):
    """No setting of any value gives vectors that no other value would give as well."""
    cls = METHODS.load(name)
    for value in WRONG:
        method = cls(**{**small(name), setting: value})
        if method.cannot_run:
            return
        try:
            check_vectors(name, modules, method.fit(modules).embed())
        except GeneArenaError as error:
            refused = str(error)
        else:
            refused = ""
            assert not setting_faults(cls, {setting: value})
        assert len(refused) < 300
        assert "\n" not in refused


@pytest.mark.parametrize(("name", "setting"), NUMERIC)
def test_what_no_number_should_be_is_refused(name, setting):
    """Negative numbers, text and truth values are no number of anything in any method."""
    cls = METHODS.load(name)
    for value in (-5, math.nan, 10**30, "7", True, [1, 2, 3], len):
        (fault,) = setting_faults(cls, {setting: value})
        assert fault.startswith(f"{setting} is ")
        with pytest.raises(UsageError, match=setting):
            read_settings(cls, {setting: value})


@pytest.mark.parametrize("name", BUILTIN)
def test_built_in_methods_declare_nothing_wrong(name):
    """Every annotation means something, and all presets are within it."""
    cls = METHODS.load(name)
    assert method_faults(cls) == []
    hints = typing.get_type_hints(cls.__init__, include_extras=True)
    for setting in inspect.signature(cls).parameters:
        assert typing.get_origin(hints[setting]) is not None, f"{setting} has no range"
    for preset in ("fast", "paper"):
        settings = cls.preset(preset)
        assert plain_settings(settings).keys() == settings.keys()


class Kind(enum.Enum):
    """A choice."""

    ONE = "one"
    TWO = "two"


class Typed(Method):
    """Has settings of many types."""

    name = "typed"
    fast: typing.ClassVar = {"loose": (1, 2)}

    def __init__(
        self, *, dim=32, seed=0, kind: Kind = Kind.ONE, parts: frozenset[str] = frozenset("ab"),
        path: Path = Path("x"), sizes: tuple[int, ...] = (1,), rate: float = 0.5, loose=None,
        limit: int = None,  # noqa: RUF013 - as many write it
    ):  # fmt: skip
        super().__init__(dim=dim, seed=seed)

    def fit(self, graphs):
        return self

    def embed(self):
        return []


def test_settings_come_back_in_the_types_the_constructor_wants():
    """What is read from a record is what was declared: a set, a path, a tuple, a member."""
    given = {"kind": "two", "parts": ["c"], "path": "y", "sizes": [1, 2], "rate": 1}
    read = read_settings(Typed, given)
    assert read == {"kind": Kind.TWO, "parts": frozenset("c"), "path": Path("y"),
                    "sizes": (1, 2), "rate": 1.0}  # fmt: skip
    own = Typed.preset("fast")
    assert read_settings(Typed, plain_settings(own)) == own
    assert type(read_settings(Typed, {"loose": [1, 2]})["loose"]) is tuple


class Untyped(Typed):
    """Has an annotation that means nothing when the method runs."""

    def __init__(self, *, dim=32, seed=0, own: "Unknown" = 3, rate: float = 0.5):  # noqa: F821
        super().__init__(dim=dim, seed=seed)


def test_annotations_that_mean_nothing_allow_everything_plain():
    """A name that only a type checker knows does not stop a method."""
    assert read_settings(Untyped, {"own": "x", "rate": 2}) == {"own": "x", "rate": 2}
    assert setting_faults(Untyped, {"own": len}) != []


class WithFile(Typed):
    """Takes a file."""

    def __init__(self, *, dim=32, seed=0, weights: File | None = None):
        super().__init__(dim=dim, seed=seed)
        self.weights = weights


def test_a_file_is_read_from_its_path_and_known_by_what_it_holds(tmp_path, monkeypatch):
    """A relative path is that of now; what was read can be checked again, and may have changed."""
    monkeypatch.chdir(tmp_path)
    Path("w.pt").write_text("abc")
    read = read_settings(WithFile, {"weights": "w.pt"})
    assert read["weights"].path == tmp_path / "w.pt"
    (tmp_path / "w.pt").rename(tmp_path / "x.pt")
    moved = read_settings(WithFile, {"weights": Path("x.pt")})
    assert plain_settings(moved) == plain_settings(read)
    assert read_settings(WithFile, moved) == moved
    Path("x.pt").write_text("abcd")
    assert plain_settings(read_settings(WithFile, moved)) != plain_settings(moved)
    assert read_settings(WithFile, {"weights": None}) == WithFile.preset("paper")


def test_what_is_no_file_is_refused_in_one_line(tmp_path):
    """It is missing, a folder, or no path at all."""
    want = r"^weights is .*, want a file that can be read \(No such file or directory\)$"
    for value, said in (
        ("none.pt", want),
        (str(tmp_path), r"\(no plain file\)"),
        (3, "weights is 3, want the path of a file"),
    ):
        (fault,) = setting_faults(WithFile, {"weights": value})
        assert re.search(said, fault)


def test_faults_are_named_all_at_once():
    """Unknown names offer the nearest."""
    faults = setting_faults(METHODS.load("gae"), {"epoch": 3, "learning_rate": -1, "patience": "x"})
    assert faults == [
        "epoch is no setting; did you mean 'epochs'?",
        "learning_rate is -1, want more than 0",
        "patience is 'x', want a whole number",
    ]


def test_settings_have_a_length():
    """A table in a record's settings is refused."""
    with pytest.raises(UsageError, match="more than 10000 characters"):
        plain_settings({"table": list(itertools.repeat(0, 10_000))})


@pytest.mark.parametrize(
    ("search", "fault"),
    [
        ({"epoch": (1, 2)}, "search: epoch is no setting; did you mean 'epochs'"),
        ({"epochs": (0, 5)}, "search: epochs is 0, want at least 1"),
        ({"epochs": ("log", 1, 2.5)}, "search: epochs is 2.5, want a whole number"),
        ({"epochs": ("linear", 5, 1)}, "search: 'epochs' is ('linear', 5, 1), want ('log', low"),
        (
            {"learning_rate": ("log", 0.0, 1.0)},
            "search: 'learning_rate' is ('log', 0.0, 1.0), want",
        ),
        ({"epochs": (5,)}, "search: 'epochs' is (5,), want"),
        ({"epochs": [5, 6]}, "search: 'epochs' is [5, 6], want"),
        ({"epochs": (5, None)}, "search: 'epochs' is (5, None), want"),
        ({"seed": (1, 2)}, "search varies seed"),
        ([], "search is [], want a dictionary of ranges"),
    ],
)
def test_what_cannot_be_tried_of_a_setting_is_a_fault(search, fault):
    """One line, that says what is wanted."""
    cls = type("Searched", (METHODS.load("gae"),), {"search": search})
    (found,) = method_faults(cls)
    assert found.startswith(fault)
    assert method_faults(type("Plain", (METHODS.load("gae"),), {"search": {}})) == []
