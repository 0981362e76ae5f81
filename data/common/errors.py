"""Errors whose message is one line: what is wrong, where, and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


class GeneArenaError(Exception):
    """Base of every error the suite raises on purpose."""


class UsageError(GeneArenaError, ValueError):
    """A request that names something unknown or contradicts itself (exit code 2)."""


class DeclarationError(UsageError):
    """A plugin that cannot be imported, or says of itself what cannot be (exit code 2)."""


class DataError(GeneArenaError, ValueError):
    """Data that cannot be used as they are (exit code 1)."""


class StoreError(GeneArenaError, OSError):
    """A file or folder that cannot be read or written (exit code 1)."""


class MethodError(GeneArenaError, RuntimeError):
    """A method that broke its contract (exit code 1)."""


class MetricError(GeneArenaError, RuntimeError):
    """A metric that broke its contract or could not be computed (exit code 1)."""


class ContractError(GeneArenaError, RuntimeError):
    """A plugin that fails a check, a line for each fault (exit code 1)."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return what to do about an unknown name: take one of the three nearest, if any is near.

    Parameters
    ----------
    name, known
        What was asked for, and what there is.
    otherwise
        What to say if none is near; all of `known` if empty.
    """
    names = list(dict.fromkeys(known))
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return otherwise or f"choose from {', '.join(names)}"
