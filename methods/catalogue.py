"""What the suite's methods declare, known without importing them and the libraries they need.

``catalogue.json`` repeats what the classes say: ``make catalogue`` writes it, a test compares, and
no worker trains a class of which it says something else.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import field, make_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from genearena.data.common.errors import MethodError
from genearena.methods import settings as kinds
from genearena.methods.base import PRESETS, Method
from genearena.methods.encoders.registry import EncoderName
from genearena.methods.registry import METHODS
from genearena.methods.settings import meanings

_FILE = "catalogue.json"
_KINDS: Mapping[str, Any] = {**vars(kinds), "EncoderName": EncoderName, "Literal": Literal}
"""What annotations of settings are made of, by the names that the table has."""
_ATTRIBUTES = tuple(
    name for name, hint in get_type_hints(Method).items() if get_origin(hint) is ClassVar
)


def declared(name: str) -> type[Method]:
    """Return a class with the declarations of a method, which may be a stand-in that cannot fit.

    It is the method's own where the table has none, as of plugins.

    Raises
    ------
    UsageError, DeclarationError
        As `Registry.load`.
    """
    return METHODS.load(name) if _entry(name) is None else _stand_in(name)


def check_declared(name: str, method: type[Method]) -> None:
    """Raise MethodError if the table has other declarations of a method than its class."""
    entry = _entry(name)
    if entry is not None and entry != entry_of(name, method):
        raise MethodError(
            f"methods/{_FILE} says otherwise of {name} than its class: make catalogue"
        )


def entry_of(name: str, method: type[Method]) -> dict[str, Any]:
    """Return what the table holds of a method, as `_stand_in` reads it."""
    hints = get_type_hints(method.__init__, include_extras=True)
    told, defaults = meanings(method), {n: getattr(method, n) for n in hints if n != "return"}
    own: Mapping[str, Any] = {n: getattr(method, n) for n in _ATTRIBUTES}
    attributes = {n: v for n, v in own.items() if v != getattr(Method, n, None)}
    special = method.preset.__func__ is not Method.preset.__func__  # type: ignore[attr-defined]
    entry = {
        "target": METHODS.entry(name).target,
        "attributes": attributes | {"needs": sorted(method.needs)},
        "settings": {n: [_text(hints[n]), v, told.get(n, "")] for n, v in defaults.items()},
        "presets": {p: method.preset(p) for p in PRESETS} if special else {},
    }
    return _read(json.dumps(entry))


def write() -> None:
    """Write the table beside this file."""
    table = {name: entry_of(name, METHODS.load(name)) for name in METHODS.builtin}
    lines = (f'"{name}": {json.dumps(entry)}' for name, entry in table.items())
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    Path(__file__).with_name(_FILE).write_text(text, encoding="utf-8")


def _entry(name: str) -> dict[str, Any] | None:
    entry: dict[str, Any] | None = _table().get(name)
    return entry if entry and METHODS.entry(name).target == entry["target"] else None


@cache
def _table() -> dict[str, Any]:
    return _read(files("genearena.methods").joinpath(_FILE).read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, Any]:
    values: dict[str, Any] = _with_tuples(json.loads(text))
    return values


def _with_tuples(value: Any) -> Any:
    # JSON has no tuples, and methods declare no lists
    if isinstance(value, list):
        return tuple(map(_with_tuples, value))
    return {k: _with_tuples(v) for k, v in value.items()} if isinstance(value, dict) else value


@cache
def _stand_in(name: str) -> type[Method]:
    entry = _table()[name]
    settings, presets = entry["settings"], entry["presets"]
    texts = {name: kind for name, (kind, _, _) in settings.items()}
    hints = get_type_hints(
        type("", (), {"__annotations__": texts}), None, {**_KINDS}, include_extras=True
    )

    def preset(cls: type[Method], name: str) -> dict[str, Any]:
        if name in presets:
            return dict(presets[name])
        return Method.preset.__func__(cls, name)  # type: ignore[attr-defined,no-any-return]

    meant = (f"{name}\n    {meaning}" for name, (_, _, meaning) in settings.items() if meaning)
    namespace = {
        **entry["attributes"],
        "needs": frozenset(entry["attributes"]["needs"]),
        "preset": classmethod(preset),
        "__doc__": "\n".join(("Parameters", "----------", *meant)),
    }
    return make_dataclass(
        entry["target"].partition(":")[2],
        [(name, hints[name], field(default=value)) for name, (_, value, _) in settings.items()],
        bases=(Method,),
        namespace=namespace,
        kw_only=True,
        eq=False,
        repr=False,
    )


def _text(hint: Any) -> str:
    """Return the annotation of a setting in the words of `_KINDS`."""
    if isinstance(hint, type) and not get_args(hint):
        return "None" if hint is type(None) else hint.__name__
    if get_origin(hint) is Annotated:
        return next(name for name, kind in _KINDS.items() if kind == hint)
    if get_origin(hint) is Literal:
        return f"Literal[{', '.join(map(repr, get_args(hint)))}]"
    parts = [_text(part) for part in get_args(hint)]
    if get_origin(hint) in (Union, types.UnionType):
        return " | ".join(parts)
    return f"{get_origin(hint).__name__}[{', '.join(parts)}]"


if __name__ == "__main__":
    write()
