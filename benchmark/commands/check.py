"""``bench check``: report whether a method keeps the contract."""

import ast
import importlib.util
import inspect
import sys
from pathlib import Path
from typing import Any

import click

from genearena.benchmark.screen import tell
from genearena.data.errors import MethodError, UsageError
from genearena.methods.base import Method
from genearena.methods.registry import METHODS


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

    TARGET is a registered name, package.module:Class, or path/to/file.py:Class. The checks train
    on a small made-up task with vectors of length 8. The exit code is 1 if a check fails.
    """
    from genearena.methods.checks import run_checks

    method = load_method(target)
    settings = _settings(method, params)
    given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    tell(f"Checking {target}" + (f" with {given}" if given else ""))
    results = run_checks(method, **settings)
    shown = ""
    for result in results:
        mark = "pass" if result.passed else "FAIL"
        tell(f"  {mark}  {result.name:<20} {result.seconds:6.2f} s")
        if not result.passed:
            tell(f"        {'as above' if result.message == shown else result.message}")
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
    found: object = _from_file(Path(file), name) if file.endswith(".py") else METHODS.load(target)
    if not (isinstance(found, type) and issubclass(found, Method)):
        raise UsageError(
            f"'{target}' is {found!r}, want a class derived from genearena.methods.base.Method"
        )
    return found


def _from_file(path: Path, name: str) -> object:
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
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise UsageError(f"'{path}' cannot be imported: {reason}") from error
    if not hasattr(module, name):
        raise UsageError(f"'{path}' defines no '{name}'")
    found: object = getattr(module, name)
    return found


def _settings(method: type[Method], params: tuple[str, ...]) -> dict[str, Any]:
    known = [name for name in inspect.signature(method).parameters if name != "seed"]
    settings = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or name not in known:
            raise UsageError(f"'{param}' sets no parameter; choose NAME from {', '.join(known)}")
        settings[name] = _value(value)
    return settings


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
