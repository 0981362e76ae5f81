"""The one form of a parameter's value, whatever its type: what identities are made of."""

import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self

import numpy as np

from genearena.data.common.errors import UsageError
from genearena.data.common.one_line import shown

LARGEST = 2**63
"""Whole numbers are smaller."""


@dataclass(frozen=True)
class InputFile(os.PathLike[str]):
    """A file that a parameter names: what it holds is its identity, not where it lies.

    It may be a folder of which only some files are looked at; then `sha256` is that of theirs.
    """

    path: Path
    sha256: str

    @classmethod
    def at(cls, path: Path, parts: Sequence[str] = ()) -> Self:
        """Take the file at a path as it is now, or the `parts` that a folder there has to have.

        What is no plain file to be read, or lacks one, raises OSError.
        """
        if parts and path.is_dir():
            missing = [name for name in parts if not (path / name).is_file()]
            if missing:
                raise OSError(0, f"the folder has no {missing[0]}")
            digests = "".join(_sha256(path / name) for name in parts)
            return cls(path.absolute(), hashlib.sha256(digests.encode()).hexdigest())
        if path.exists() and not path.is_file():
            raise OSError(0, "no plain file")
        return cls(path.absolute(), _sha256(path))

    def __fspath__(self) -> str:
        return os.fspath(self.path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical(value: object) -> Any:
    """Return a value as JSON holds it: equal values give the same text in every process.

    Numbers of NumPy become Python's, paths text, files the SHA-256 of their content, members of an
    Enum their values, sets sorted lists, tuples lists, and mappings have their keys sorted.

    Raises
    ------
    UsageError
        If it is anything else, a number that is not finite or beyond 64 bits, or holds itself.
    """
    try:
        return _plain(value)
    except RecursionError:
        raise UsageError("a value that holds itself, or too many others") from None


def canonical_text(value: object) -> str:
    """Return the JSON text of the canonical form; see `canonical`."""
    return json.dumps(canonical(value), sort_keys=True, allow_nan=False)


def _plain(value: object) -> Any:
    if value is None or type(value) is bool or _is_text(value):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, np.generic):
        return _plain(_python_number(value))
    if isinstance(value, InputFile):
        return f"sha256:{value.sha256}"
    if isinstance(value, os.PathLike):
        return _plain(os.fspath(value))
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, Mapping) and all(map(_is_text, value)):
        return {key: _plain(value[key]) for key in sorted(value)}
    raise _refused(value)


def _is_text(value: object) -> bool:
    # lone surrogates, as in names of files in another encoding, have no place in JSON
    return type(value) is str and value.encode(errors="replace").decode() == value


def _python_number(value: np.generic) -> object:
    plain: object = value.item()
    if type(plain) not in (bool, int, float, str):
        raise _refused(value)
    return plain


def _number(value: int | float) -> int | float:
    if type(value) not in (int, float):
        raise _refused(value)
    if isinstance(value, int) and abs(value) >= LARGEST:
        raise UsageError("a whole number of more than 64 bits")
    if not math.isfinite(value):
        raise UsageError(f"{value}, want a finite number (None may stand for no limit)")
    return value


def _refused(value: object) -> UsageError:
    return UsageError(
        f"{shown(value)} of type {type(value).__name__}, want a number, text, True, False or None, "
        "or lists, tuples, sets or mappings of these by name"
    )
