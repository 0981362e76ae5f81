"""The settings of a method: what values its constructor takes, as annotations say.

A setting without an annotation takes any plain value; so do those whose annotation means nothing
outside the method's own code.
"""

import inspect
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, dataclass_transform, get_type_hints

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError

from genearena.data.common.canonical import InputFile, canonical, canonical_text
from genearena.data.common.errors import UsageError, did_you_mean
from genearena.data.common.one_line import one_line, shown


def input_file(value: object, parts: Sequence[str] = ()) -> InputFile:
    """Return the file at a path, or the folder with some `parts`; see `InputFile.at`.

    ValueError if there is none.
    """
    if not isinstance(value, str):
        raise ValueError("want the path of a file")
    try:
        return InputFile.at(Path(value), parts)
    except OSError as error:
        raise ValueError(f"want a file that can be read ({error.strerror})") from error


def _vector_file(value: object) -> InputFile:
    # planning and listing do without what reads files
    from genearena.data.reading.formats.embedding_hub import HUB

    return input_file(value, HUB)


Count = Annotated[int, Field(ge=1, le=10**6)]
Number = Annotated[int, Field(ge=0, le=10**6)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
PartialShare = Annotated[float, Field(ge=0, lt=1)]
InnerShare = Annotated[float, Field(gt=0, lt=1)]
Factor = Annotated[float, Field(ge=1e-3, le=1e3)]
File = Annotated[InputFile, PlainValidator(input_file)]
"""A path on the command line; the content, not the path, is part of what identifies a run."""
VectorFile = Annotated[InputFile, PlainValidator(_vector_file)]
"""Such a path, or that of a folder of the Gene Embedding Hub."""

_WORDS = {
    "Value error, ": "",
    "Input should be": "want",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
    "greater than": "more than",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "Field required": "it is missing",
}
"""pydantic's words -> the suite's."""
_SECTION = re.compile(r"^(\w+)\n-{3,}\n(.*?)(?=^\w+\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^(\w[\w, ]*)\n((?:[ ]+.*\n?|\n(?=[ ]))+)", re.MULTILINE)
"""Parts of a numpydoc docstring: title and content, names and text."""
LONGEST = 10_000
"""Characters of a method's settings as JSON."""


T = TypeVar("T")


@dataclass_transform(kw_only_default=True, eq_default=False)
def with_settings(cls: type[T]) -> type[T]:
    """Make the annotated attributes of a method its settings.

    They become keywords of the constructor, beside those of the base class, which only stores
    them. What is annotated as a ``ClassVar``, or not at all, is no setting.
    """
    return dataclass(kw_only=True, eq=False, repr=False)(cls)


def read_settings(method: type, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings in the types that the constructor wants.

    Values equal to the class's own are taken from it, all others are read as from JSON: a list
    may stand for a tuple or a set, a text for a path or a member of an Enum.

    Parameters
    ----------
    method
        The class; its `name` stands in the message.
    settings
        Name -> value.

    Raises
    ------
    UsageError
        If the constructor takes no such settings: one line that names them all.
    """
    values, faults = _read_all(method, settings)
    if faults:
        raise UsageError(f"{getattr(method, 'name', method.__name__)}: {'; '.join(faults)}")
    return values


def setting_faults(method: type, settings: Mapping[str, Any]) -> list[str]:
    """Return one line for every setting that `read_settings` refuses."""
    return _read_all(method, settings)[1]


def is_range(values: Sequence[Any]) -> bool:
    """Tell whether what is tried of a setting is a range, ("log" or "linear", low, high)."""
    if len(values) != 3 or values[0] not in ("log", "linear"):
        return False
    return all(type(end) in (int, float) for end in values[1:])


def meanings(method: type) -> dict[str, str]:
    """Return what the docstrings of a method and of its base classes say of each setting."""
    found: dict[str, str] = {}
    for base in reversed(method.__mro__):
        for title, rest in _SECTION.findall(inspect.cleandoc(vars(base).get("__doc__") or "")):
            for names, text in _ENTRY.findall(rest) if title in ("Parameters", "Settings") else ():
                meaning = " ".join(text.split())
                if not meaning.startswith("As in `"):
                    found |= dict.fromkeys(names.split(", "), meaning)
    return found


def plain_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as records hold them and identities are made of; see `canonical`.

    Raises
    ------
    UsageError
        If a setting is not plain, or they are too long.
    """
    plain = {}
    for name, value in settings.items():
        try:
            plain[name] = canonical(value)
        except UsageError as problem:
            raise UsageError(f"{name} is {problem}") from problem
    if len(json.dumps(plain)) > LONGEST:
        raise UsageError(f"its settings take more than {LONGEST} characters")
    return plain


def _read_all(method: type, settings: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults = []
    for name, value in settings.items():
        try:
            values[name] = _read(method, name, value)
        except UsageError as problem:
            faults.append(f"{name} {problem}")
    return values, faults


def _read(method: type, name: str, value: object) -> Any:
    if isinstance(value, InputFile):
        value = value.path  # read anew: it may have changed
    parameters = inspect.signature(method).parameters
    if name not in parameters:
        raise UsageError(f"is no setting; {did_you_mean(name, parameters)}")
    text = _text(value)
    default = parameters[name].default
    if _is_written(default, text):
        return default
    reader = _readers(method).get(name)
    if reader is None:
        fast = dict(getattr(method, "fast", {})).get(name)
        return fast if _is_written(fast, text) else value
    try:
        return reader.validate_json(text, strict=True)
    except ValidationError as error:
        raise UsageError(f"is {shown(value)}, {_wanted(error)}") from error


def _text(value: object) -> str:
    try:
        return canonical_text(value)
    except UsageError as problem:
        raise UsageError(f"is {problem}") from problem


def _is_written(value: object, text: str) -> bool:
    try:
        return canonical_text(value) == text
    except UsageError:  # a default of no plain kind
        return False


@cache
def _readers(method: type) -> dict[str, TypeAdapter[Any]]:
    try:
        hints = get_type_hints(method.__init__, include_extras=True)  # type: ignore[misc]
    except Exception:  # noqa: BLE001 - names that only a type checker knows, and what else there is
        return {}
    found = {}
    for name, hint in hints.items():
        try:
            found[name] = TypeAdapter(hint)
        except PydanticUserError:  # a class of the method's own
            continue
    return found


def _wanted(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    entry = next((f"entry {place + 1}: " for place in first["loc"] if type(place) is int), "")
    text = first["msg"]
    for words, ours in _WORDS.items():
        text = text.replace(words, ours)
    return one_line(entry + text)
