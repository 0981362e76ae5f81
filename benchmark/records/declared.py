"""What plugins declare, read by another process: importing one may do anything.

Metrics of the suite itself are read here, and of its methods what the catalogue says. Those from
outside are imported by a process that may die of it, one for each module, and never by this one.
"""

import atexit
import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from genearena.benchmark.records.record import MethodInfo
from genearena.data.common.canonical import InputFile
from genearena.data.common.errors import DeclarationError, StoreError, UsageError
from genearena.data.common.one_line import shortened, told
from genearena.methods.base import Method
from genearena.methods.catalogue import declared
from genearena.methods.declarations import method_faults
from genearena.methods.registry import METHODS
from genearena.methods.settings import plain_settings, read_settings
from genearena.metrics.base import Metric
from genearena.metrics.declarations import metric_faults
from genearena.metrics.registry import METRICS, is_of_gene_sets, load_metric

SECONDS = 300.0
"""How long a plugin may take to be imported."""
LONGEST = 1000
"""Characters of what is told of one plugin's faults."""
_SERVE = "from genearena.benchmark.records.declared import serve; serve()"

T = TypeVar("T")


def declared_method(
    name: str, preset: str = "fast", dim: int = 32, changed: Mapping[str, Any] | None = None
) -> MethodInfo:
    """Return what a method declares, under a preset, for vectors of a length, settings changed.

    Raises
    ------
    UsageError
        If there is no method of this name, or a method of the suite takes no such settings.
    DeclarationError
        If it cannot be imported or its declarations cannot be used: one line with all faults.
    """
    entry = METHODS.entry(name)
    if name in METHODS.builtin:
        return _describe_method(name, preset, dim, changed or {})
    # as text, which the cache of answers can hold
    request = (preset, dim, json.dumps(changed or {}, sort_keys=True))
    answer = _answer_of("method", name, entry.target, request)
    try:
        return MethodInfo(**answer)
    except ValidationError as error:
        raise DeclarationError(f"method '{name}': {told(error)}") from error


@cache
def declared_colour(name: str) -> str:
    """Return the colour that an installed plugin's method declares; empty for all others."""
    if name in METHODS.builtin or name not in METHODS.names:
        return ""
    try:
        return str(_answer_of("colour", name, METHODS.entry(name).target, ())["colour"])
    except DeclarationError:
        return ""


def declared_search(name: str) -> Mapping[str, Sequence[Any]]:
    """Return what a method declares to be tried of its settings; see `Method.search`.

    Raises
    ------
    UsageError
        If there is no method of this name.
    DeclarationError
        As for `declared_method`.
    """
    entry = METHODS.entry(name)
    if name in METHODS.builtin:
        return declared(name).search
    search: Mapping[str, Sequence[Any]] = _answer_of("search", name, entry.target, ())["search"]
    return search


def declared_metric(name: str, folder: Path | None = None) -> Metric:
    """Return what a metric declares; only a metric of the suite can be called.

    That of gene sets, ``function:NAME``, declares what those in the data folder are.

    Raises
    ------
    UsageError
        If there is no metric of this name.
    DeclarationError
        As for methods.
    """
    if is_of_gene_sets(name):
        return load_metric(name, folder)
    entry = METRICS.entry(name)
    if name in METRICS.builtin:
        return METRICS.load(name)
    values = _answer_of("metric", name, entry.target, ()) | {"function": _elsewhere}
    for field in fields(Metric):
        if isinstance(field.default, frozenset):  # JSON has no sets
            values[field.name] = frozenset(values[field.name])
    return Metric(**values)


def installed_metric(name: str, folder: Path | None = None) -> Metric | None:
    """Return what a metric that a record names declares, None if it cannot be used here.

    A record may come from elsewhere: its names are looked up, and no target is imported.
    """
    try:
        known = name in METRICS.names or is_of_gene_sets(name)
        return declared_metric(name, folder) if known else None
    except (UsageError, StoreError):
        return None


def usable(
    names: Iterable[str], declared: Callable[[str], T]
) -> tuple[dict[str, T], dict[str, str]]:
    """Return what plugins declare, and for those that cannot be used the line that says why."""
    found: dict[str, T] = {}
    broken: dict[str, str] = {}
    for name in names:
        try:
            found[name] = declared(name)
        except DeclarationError as error:
            broken[name] = str(error)
    _reader.end()
    return found, broken


def describe(name: str, method: type[Method], settings: Mapping[str, Any]) -> MethodInfo:
    """Return a method's declarations as they stand in records, and the paths of its files."""
    files = {n: str(value.path) for n, value in settings.items() if isinstance(value, InputFile)}
    outside = [] if method.trained_on == "nothing" else [method.trained_on]
    outside += [f"the data behind its files ({', '.join(files)})"] if files else []
    return MethodInfo(
        name=name,
        version=method.version,
        params=plain_settings(settings),
        control=method.control,
        variant=method.variant,
        origin=METHODS.entry(name).origin,
        trained_on="; ".join(outside) or "nothing",
        needs=tuple(sorted(method.needs)),
        deterministic=method.deterministic,
        files=files,
    )


def _describe_method(name: str, preset: str, dim: int, changed: Mapping[str, Any]) -> MethodInfo:
    method = declared(name)
    settings = method.preset(preset) | {"dim": dim} | dict(changed)
    return describe(name, method, read_settings(method, settings))


def _elsewhere(space: object) -> NoReturn:  # noqa: ARG001 - as all metrics
    raise DeclarationError("only a worker process computes this metric")


@cache
def _answer_of(kind: str, name: str, target: str, request: tuple[object, ...]) -> dict[str, Any]:
    answer = _reader.ask(target.partition(":")[0], [kind, name, *request])
    if "faults" in answer:
        faults = shortened("; ".join(answer["faults"]), LONGEST)
        raise DeclarationError(f"{kind} '{name}': {faults}")
    return answer


class _Reader:
    """A process that imports the plugins of one module and says what they declare."""

    _module = ""
    _child: subprocess.Popen[bytes] | None = None

    def ask(self, module: str, request: list[object]) -> dict[str, Any]:
        """Return what the process for a module says, or why it says nothing."""
        if module != self._module:
            self.end()
        self._module = module
        child = self._child = self._child or self._begin()
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes
        with suppress(OSError):  # a death is noticed below
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], SECONDS)
        line = child.stdout.readline() if ready else b""
        with suppress(ValueError):  # nothing, or what the plugin has written there
            answer: dict[str, Any] = json.loads(line)
            return answer
        if not ready:
            self.end()
            return {"faults": [f"importing it has no end within {SECONDS:.0f} s"]}
        with suppress(subprocess.TimeoutExpired):
            child.wait(1.0)
        code = child.poll()
        self.end()
        return {"faults": [f"importing it ends the process (exit code {code})"]}

    def end(self) -> None:
        """End the process and what it has started."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()

    @staticmethod
    def _begin() -> subprocess.Popen[bytes]:
        code = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); {_SERVE}"
        return subprocess.Popen(  # noqa: S603 - the interpreter we run on
            [sys.executable, "-c", code, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )


_reader = _Reader()
atexit.register(_reader.end)


def serve() -> None:
    """Answer what is asked on standard input, which plugins do not see."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    asked, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    mine = os.getpid()
    for line in asked:
        answer = json.dumps(_answer(*json.loads(line)))
        if os.getpid() != mine:  # a plugin that forks has no second answer
            os._exit(0)
        answers.write(f"{answer}\n")
        answers.flush()
    os._exit(0)


def _answer(kind: str, name: str, *request: Any) -> dict[str, Any]:
    try:
        if kind == "metric":
            metric = METRICS.load(name)
            return {"faults": faults} if (faults := metric_faults(metric)) else _values(metric)
        if faults := method_faults(METHODS.load(name)):
            return {"faults": faults}
        if kind == "colour":
            return {"colour": METHODS.load(name).colour}
        if kind == "search":
            return {"search": dict(METHODS.load(name).search)}
        preset, dim, changed = request
        info = _describe_method(name, preset, dim, json.loads(changed))
        return info.model_dump(mode="json") | {"files": info.files}
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
        return {"faults": [told(error)]}


def _values(metric: Metric) -> dict[str, Any]:
    values = {field.name: getattr(metric, field.name) for field in fields(Metric)}
    sets = {name: sorted(value) for name, value in values.items() if isinstance(value, frozenset)}
    return values | sets | {"function": None}
