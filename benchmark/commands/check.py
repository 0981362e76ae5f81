"""``bench check``: report whether a plugin of any kind keeps its contract."""

import ast
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from genearena.data.common.errors import ContractError, UsageError, did_you_mean
from genearena.data.common.one_line import shown, told
from genearena.data.common.registry import Registry, resolve
from genearena.data.common.screen import tell
from genearena.data.datasets import DATASETS
from genearena.methods.base import Method
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.registry import METHODS
from genearena.methods.settings import read_settings
from genearena.metrics.base import Metric
from genearena.metrics.registry import METRICS

if TYPE_CHECKING:
    from genearena.data.common.checks import CheckResult

REGISTRIES: tuple[Registry[Any], ...] = (METHODS, METRICS, DATASETS, ENCODERS)
WANTED = (
    "class derived from genearena.methods.base.Method, a genearena.metrics.base.Metric, a function "
    "without arguments that makes a data set, or an encoder"
)


@click.command("check")
@click.argument("target")
@click.option(
    "--set",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Check a method with this setting instead of the fast preset's; repeat for more.",
)
def command(target: str, params: tuple[str, ...]) -> None:
    """Report whether a method, metric, data set or encoder of MuSe-GNN keeps its contract.

    TARGET is a registered name, package.module:Object, or path/to/file.py:Object; :Object may be
    left out where a file has only one method or metric. All faults are told at once. Methods are
    trained on a small made-up task with vectors of length 8, and data sets are made twice. The
    exit code is 1 if a check fails.
    """
    # before the import: a module may end the process
    tell(f"Checking {target}" + (f" with {', '.join(params)}" if params else ""))
    found = list(_found(target))
    settings = dict(map(_setting, params))
    results = [result for each in found for result in _results(target, each, settings)]
    told_before: set[str] = set()
    for result in results:
        mark = "pass" if result.passed else "FAIL"
        tell(f"  {mark}  {result.name:<20} {result.seconds:6.2f} s")
        new = [line for line in result.faults if line not in told_before]
        for line in new or (["as above"] if result.faults else []):
            tell(f"        {line}")
        told_before.update(new)
    failed = [result.name for result in results if not result.passed]
    if failed:
        raise ContractError(
            f"{target} fails {len(failed)} of {len(results)} checks: {', '.join(failed)}"
        )
    tell(f"All {len(results)} checks passed.")
    for reason in filter(None, (getattr(each, "cannot_run", "") for each in found)):
        tell(f"It declares that it cannot run: {reason}.")


def _results(target: str, found: object, settings: Mapping[str, Any]) -> "list[CheckResult]":
    """Return how the checks of what `found` is ended; each kind's are imported for it alone."""
    if isinstance(found, type) and issubclass(found, Method):
        from genearena.methods.checks import run_checks

        return run_checks(found, **read_settings(found, settings))
    if settings:
        raise UsageError(f"'{target}' is no method and has no settings; leave out --set")
    from genearena.data.common.checks import run_all

    if isinstance(found, Metric):
        from genearena.metrics.checks import CHECKS as OF_METRICS

        return run_all(OF_METRICS, found)
    from genearena.data import dataset_checks

    if dataset_checks.is_dataset(found):
        return dataset_checks.run_checks(found, target if target in DATASETS.names else "")
    from genearena.methods.encoders.checks import CHECKS as OF_ENCODERS
    from genearena.methods.encoders.checks import is_encoder

    if is_encoder(found):
        return run_all(OF_ENCODERS, found)
    raise UsageError(f"'{target}' is {shown(found)}, want a {WANTED}")


def _found(target: str) -> Iterator[object]:
    """Yield what a target points to: a name may be that of several kinds."""
    file, _, name = target.rpartition(":")
    if target.endswith(".py"):
        module = _module_of(Path(target))
        yield getattr(module, _only_plugin(module, target))
    elif file.endswith(".py"):
        module = _module_of(Path(file))
        if not hasattr(module, name):
            raise UsageError(f"'{file}' defines no '{name}'")
        yield getattr(module, name)
    else:
        claim = [known for known in REGISTRIES if target in (*known.names, *known.refused)]
        if not claim and ":" not in target:
            every = [name for known in REGISTRIES for name in known.names]
            see = "see 'bench list methods' and 'bench list metrics', or name a file"
            raise UsageError(f"unknown plugin '{target}'; {did_you_mean(target, every, see)}")
        yield from (known.load(target) for known in claim)
        if not claim:
            yield resolve(target, "plugin")


def _only_plugin(module: ModuleType, target: str) -> str:
    found = [
        name
        for name, value in vars(module).items()
        if isinstance(value, Metric)
        or (
            isinstance(value, type)
            and issubclass(value, Method)
            and value.__module__ == module.__name__
        )
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"'{target}' defines no method or metric; name another kind, {target}:NAME"
        )
    choices = " or ".join(f"{target}:{name}" for name in found)
    raise UsageError(f"'{target}' has several plugins; choose {choices}")


class _Anew(SourceFileLoader):
    """Compile a file whatever bytecode there is of it.

    Python knows bytecode to be of a source by its size and second, and files are checked while
    they are edited.
    """

    def path_stats(self, path: str) -> NoReturn:
        """Keep no bytecode, and take none."""
        raise OSError(path)


def _module_of(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file '{path}'; want path/to/file.py:Class")
    # a name of its own, so that the file replaces no module; registered, so that it pickles
    name = f"checked_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_Anew(name, str(path)))
    if spec is None or spec.loader is None:
        raise UsageError(f"'{path}' is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise UsageError(f"'{path}' cannot be imported: {told(error)}") from error
    return module


def _setting(param: str) -> tuple[str, Any]:
    name, equals, text = param.partition("=")
    if not equals or name == "seed":
        raise UsageError(f"'{param}' sets no parameter, want NAME=VALUE")
    try:
        return name, ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return name, text
