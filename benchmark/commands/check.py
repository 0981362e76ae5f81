"""``bench check``: report whether a method, or an encoder, keeps the contract."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from genearena.data.common.errors import MethodError, UsageError
from genearena.data.common.one_line import shown, told
from genearena.data.common.screen import tell
from genearena.methods.base import Method
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.registry import METHODS
from genearena.methods.settings import read_settings

if TYPE_CHECKING:
    from genearena.methods.checks import CheckResult

WANTED = "class derived from genearena.methods.base.Method"


@click.command("check")
@click.argument("target")
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Check with this parameter instead of the fast preset's; may be repeated.",
)
def command(target: str, params: tuple[str, ...]) -> None:
    """Report whether a method, or an encoder of MuSe-GNN, keeps the contract.

    TARGET is a registered name, package.module:Class, or path/to/file.py:Class; :Class may be
    left out where a file has only one method. Methods are trained on a small made-up task with
    vectors of length 8. The exit code is 1 if a check fails.
    """
    # before the import: a module may end the process
    tell(f"Checking {target}" + (f" with {', '.join(params)}" if params else ""))
    results, cannot_run = _checked(target, dict(map(_setting, params)))
    before = ""
    for result in results:
        mark = "pass" if result.passed else "FAIL"
        tell(f"  {mark}  {result.name:<20} {result.seconds:6.2f} s")
        if not result.passed:
            message = "as above" if result.message == before else result.message
            for line in message.split("\n"):
                tell(f"        {line}")
            before = result.message
    failed = [result.name for result in results if not result.passed]
    if failed:
        raise MethodError(
            f"{target} fails {len(failed)} of {len(results)} checks: {', '.join(failed)}"
        )
    tell(f"All {len(results)} checks passed.")
    if cannot_run:
        tell(f"It declares that it cannot run: {cannot_run}.")


def _checked(target: str, settings: dict[str, Any]) -> "tuple[list[CheckResult], str]":
    """Return how the checks of a method or an encoder ended, and why the method cannot run."""
    found = _found(target)
    # torch is not imported for a method that does without
    if not (isinstance(found, type) and issubclass(found, Method)):
        from genearena.methods.encoders.checks import is_encoder, run_encoder_checks

        if is_encoder(found):
            if settings:
                raise UsageError(f"'{target}' is an encoder, which has no settings; leave out -p")
            return run_encoder_checks(found), ""
    from genearena.methods.checks import run_checks

    method = _as_method(target, found)
    return run_checks(method, **read_settings(method, settings)), method.cannot_run


def load_method(target: str) -> type[Method]:
    """Return the method class a registered name, module or file points to.

    Raises
    ------
    UsageError
        If there is no such thing, or it is no method class.
    """
    return _as_method(target, _found(target))


def _as_method(target: str, found: object) -> type[Method]:
    if not (isinstance(found, type) and issubclass(found, Method)):
        raise UsageError(f"'{target}' is {shown(found)}, want a {WANTED}, or an encoder")
    return found


def _found(target: str) -> object:
    file, _, name = target.rpartition(":")
    if target.endswith(".py"):
        module = _module_of(Path(target))
        return getattr(module, _only_method(module, target))
    if file.endswith(".py"):
        module = _module_of(Path(file))
        if not hasattr(module, name):
            raise UsageError(f"'{file}' defines no '{name}'")
        return getattr(module, name)
    if target in ENCODERS.names and target not in METHODS.names:
        return ENCODERS.load(target)
    return METHODS.load(target)


def _only_method(module: ModuleType, target: str) -> str:
    found = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Method)
        and value.__module__ == module.__name__
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"'{target}' defines no {WANTED}")
    choices = " or ".join(f"{target}:{name}" for name in found)
    raise UsageError(f"'{target}' has several methods; choose {choices}")


def _module_of(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file '{path}'; want path/to/file.py:Class")
    # a name of its own, so that the file replaces no module; registered, so that it pickles
    name = f"checked_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
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
