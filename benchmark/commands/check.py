"""``bench check``: report whether a method keeps the contract."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from genearena.data.common.errors import MethodError, UsageError
from genearena.data.common.one_line import shown, told
from genearena.data.common.screen import tell
from genearena.methods.base import Method
from genearena.methods.registry import METHODS
from genearena.methods.settings import read_settings


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
    """Report whether a method keeps the contract.

    TARGET is a registered name, package.module:Class, or path/to/file.py:Class; :Class may be
    left out where a file has only one. The checks train on a small made-up task with vectors of
    length 8. The exit code is 1 if a check fails.
    """
    from genearena.methods.checks import run_checks

    # before the import: a module may end the process
    tell(f"Checking {target}" + (f" with {', '.join(params)}" if params else ""))
    method = load_method(target)
    results = run_checks(method, **_settings(method, params))
    shown = ""
    for result in results:
        mark = "pass" if result.passed else "FAIL"
        tell(f"  {mark}  {result.name:<20} {result.seconds:6.2f} s")
        if not result.passed:
            message = "as above" if result.message == shown else result.message
            for line in message.split("\n"):
                tell(f"        {line}")
            shown = result.message
    failed = [result.name for result in results if not result.passed]
    if failed:
        raise MethodError(
            f"{target} fails {len(failed)} of {len(results)} checks: {', '.join(failed)}"
        )
    tell(f"All {len(results)} checks passed.")
    if method.cannot_run:
        tell(f"It declares that it cannot run: {method.cannot_run}.")


def load_method(target: str) -> type[Method]:
    """Return the method class a registered name, module or file points to.

    Raises
    ------
    UsageError
        If there is no such thing, or it is no method class.
    """
    file, _, name = target.rpartition(":")
    if target.endswith(".py"):
        found: object = _only_method(_module_of(Path(target)), target)
    elif file.endswith(".py"):
        found = _from_file(Path(file), name)
    else:
        found = METHODS.load(target)
    if not (isinstance(found, type) and issubclass(found, Method)):
        raise UsageError(
            f"'{target}' is {shown(found)}, want a class derived from genearena.methods.base.Method"
        )
    return found


def _from_file(path: Path, name: str) -> object:
    module = _module_of(path)
    if not hasattr(module, name):
        raise UsageError(f"'{path}' defines no '{name}'")
    found: object = getattr(module, name)
    return found


def _only_method(module: ModuleType, target: str) -> object:
    found = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Method)
        and value.__module__ == module.__name__
    ]
    if len(found) == 1:
        return getattr(module, found[0])
    if not found:
        raise UsageError(f"'{target}' defines no class derived from genearena.methods.base.Method")
    choices = " or ".join(f"{target}:{name}" for name in found)
    raise UsageError(f"'{target}' has several methods; choose {choices}")


def _module_of(path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(f"there is no file '{path}'; want path/to/file.py:Class")
    # a name of its own, so that the file replaces no module; registered, so that it pickles
    module_name = f"checked_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"'{path}' is no Python file")
    module = sys.modules[module_name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise UsageError(f"'{path}' cannot be imported: {told(error)}") from error
    return module


def _settings(method: type[Method], params: tuple[str, ...]) -> dict[str, Any]:
    settings = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or name == "seed":
            raise UsageError(f"'{param}' sets no parameter, want NAME=VALUE")
        settings[name] = _value(value)
    return read_settings(method, settings)


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
