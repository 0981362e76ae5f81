"""The registry of methods and the files on disk tell the same story."""

import inspect
import re
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

import genearena.methods
from genearena.data.common import registry as registry_module
from genearena.data.common.errors import DeclarationError, UsageError
from genearena.data.common.registry import Registry
from genearena.methods.base import Method
from genearena.methods.registry import METHODS, faithful_name, is_released
from genearena.methods.settings import meanings
from genearena.methods.skeleton import Skeleton

NO_METHODS = {
    "base", "catalogue", "checks", "declarations", "device", "example", "progress", "registry",
    "settings", "skeleton",
}  # fmt: skip


def test_every_file_is_registered_and_every_entry_has_its_file() -> None:
    """Each public file of methods/ holds the one method registered under its name."""
    folder = Path(genearena.methods.__file__).parent
    files = {path.stem for path in folder.glob("[!_]*.py")} - NO_METHODS
    names = {name for name in METHODS.builtin if not is_released(name)}
    assert files == names == {stem(METHODS.builtin[name][0]) for name in names}


def test_every_setting_is_explained() -> None:
    """Docstrings of a method or of its base say what each is; lists of settings show it."""
    for name in METHODS.builtin:
        method = METHODS.load(name)
        wanted = set(inspect.signature(method).parameters) - {"seed"}
        assert wanted <= {n for n, text in meanings(method).items() if text}, name
    told = meanings(METHODS.load("musegnn"))
    assert told["heads"] == "Numbers of attention heads of the first and second layer."
    assert told["epochs"] == "Passes over the graphs, one step per graph."
    assert "device" not in told


def test_every_released_variant_has_its_file_and_its_faithful_method() -> None:
    """Each file of _released/ holds the variant of the method of the same name."""
    folder = Path(genearena.methods.__file__).parent / "_released"
    files = {path.stem for path in folder.glob("[!_]*.py")}
    released = {name for name in METHODS.builtin if is_released(name)}
    assert files == {faithful_name(name) for name in released} <= set(METHODS.builtin)
    assert files == {stem(METHODS.builtin[name][0]) for name in released}
    assert all("_released." in METHODS.builtin[name][0] for name in released)


def stem(target: str) -> str:
    """Return the name of the file a module:Class target points to."""
    return target.partition(":")[0].rpartition(".")[2]


@pytest.mark.parametrize("name", METHODS.builtin)
def test_a_class_knows_its_variant(name: str) -> None:
    """What the name says is what tables go by."""
    assert METHODS.load(name).variant == ("released" if is_released(name) else "faithful")


def test_an_unknown_variant_offers_what_there_is() -> None:
    """A typing error after the colon is answered like any other."""
    with pytest.raises(UsageError, match="'gene2vec:relased'; did you mean 'gene2vec:released'"):
        METHODS.entry("gene2vec:relased")


def test_an_unknown_name_offers_the_nearest() -> None:
    """A typing error is answered with the name that was meant."""
    with pytest.raises(UsageError, match="unknown method 'node3vec'; did you mean 'node2vec'"):
        METHODS.load("node3vec")


def test_a_name_like_no_other_lists_all() -> None:
    """A name near nothing is answered with the whole choice."""
    with pytest.raises(UsageError, match="choose from pca, gene2vec"):
        METHODS.entry("xyzzyxyzzy")


def test_a_target_may_stand_for_a_name() -> None:
    """An unregistered class is reached as module:Class."""
    assert METHODS.load("genearena.methods.skeleton:Skeleton") is Skeleton


def test_a_target_that_cannot_be_imported_says_so() -> None:
    """A missing class is an error of the request, with the reason."""
    with pytest.raises(UsageError, match=r"cannot be imported: .*Nothing"):
        METHODS.load("genearena.methods.skeleton:Nothing")


def plugins(monkeypatch: pytest.MonkeyPatch, *points: EntryPoint) -> Registry[type[Method]]:
    """Return the registry as it would be with these plugins installed."""
    monkeypatch.setattr(registry_module, "installed", lambda: EntryPoints(points))
    return Registry("method", METHODS.builtin, METHODS.group)


def test_a_plugin_joins_after_the_built_in_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed entry point is a method like any other."""
    point = EntryPoint("mine", "genearena.methods.skeleton:Skeleton", "genearena.methods")
    found = plugins(monkeypatch, point)
    assert found.names == (*METHODS.builtin, "mine")
    assert found.load("mine") is Skeleton


def test_a_plugin_does_not_take_the_place_of_a_built_in_method(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The suite's own stays, and both are named."""
    point = EntryPoint("pca", "elsewhere:PCA", "genearena.methods")
    found = plugins(monkeypatch, point)
    assert found.load("pca") is METHODS.load("pca")
    (reason,) = found.refused.values()
    assert re.search(r"claimed by both genearena .* and .*elsewhere:PCA", reason)


def test_of_two_plugins_of_one_name_neither_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them ran would depend on the order on the path; the others are not concerned."""
    points = [EntryPoint("mine", f"{module}:M", "genearena.methods") for module in "abc"]
    other = EntryPoint("other", "d:M", "genearena.methods")
    found = plugins(monkeypatch, *points, other)
    assert found.names == (*METHODS.builtin, "other")
    with pytest.raises(DeclarationError, match="'mine' is claimed by both"):
        found.load("mine")


@pytest.mark.parametrize(
    ("name", "reason"), [("m" * 101, "characters, want 100"), ("a\x1b", "are not seen")]
)
def test_a_name_that_no_file_or_screen_should_have_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    """It is told, whether installed or given as a target, and the rest is there."""
    found = plugins(monkeypatch, EntryPoint(name, "a:M", "genearena.methods"))
    assert found.names == tuple(METHODS.builtin)
    assert reason in found.refused[name]
    with pytest.raises(DeclarationError, match=reason):
        found.entry(f"module:{name}")


def test_looking_at_the_registry_imports_no_method() -> None:
    """Listing the methods waits for none of their libraries."""
    code = (
        "import sys; from genearena.methods.registry import METHODS; METHODS.names;"
        "sys.exit(bool({'torch', 'gensim', 'sklearn', 'numba', 'scanpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
