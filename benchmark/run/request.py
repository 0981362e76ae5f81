"""What the user asks for, read from words on the command line."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from genearena.data.common.errors import UsageError, did_you_mean
from genearena.data.tasks import TaskCard
from genearena.methods.registry import EXTRA, METHODS, OF_A_FILE, is_released
from genearena.metrics.registry import METRICS, is_scib

Rerun = Literal["never", "failed", "always"]
MOST_RUNS = 10_000
"""Runs that are done without a second word."""
NO_GROUPS: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Configuration:
    """A method with the settings in which it differs from its preset.

    Its row in tables is called `label`; empty for the method's own name.
    """

    method: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.label or self.method


@dataclass(frozen=True)
class Request:
    """What the user asks for: methods and metrics, the data to run on, and the repeats.

    `rerun` says which stored runs to do again: none, those not ok, or all.
    """

    tasks: tuple[TaskCard, ...]
    methods: tuple[Configuration, ...]
    metrics: tuple[str, ...]
    seeds: tuple[int, ...]
    preset: str = "fast"
    dim: int = 32
    rerun: Rerun = "never"


def parse_settings(
    texts: Iterable[str], methods: Collection[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Read settings of methods, each ``METHOD.NAME=VALUE`` with a value in JSON or a plain text.

    Raises
    ------
    UsageError
        If one cannot be read, is given twice, is of a method that does not run, or is set for all
        methods alike.
    """
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        left, equals, value = text.partition("=")
        method, dot, name = left.rpartition(".")
        if not (equals and dot and method and name):
            raise UsageError(f"cannot read '{text}' (--set); give METHOD.NAME=VALUE")
        if method not in methods:
            known = did_you_mean(method, methods)
            raise UsageError(f"--set {text}: method '{method}' does not run; {known}")
        if name == "seed":
            raise UsageError(f"--set {text}: set seed for all methods, with --seeds")
        if name in found.setdefault(method, {}):
            raise UsageError(f"--set gives {left} twice; give it once")
        try:
            found[method][name] = json.loads(value)
        except (ValueError, RecursionError):
            found[method][name] = value
    return found


def parse_seeds(text: str) -> tuple[int, ...]:
    """Read seeds: ``10`` means 0 to 9, ``3-7`` a range, ``0,4`` a list.

    Raises
    ------
    UsageError
        If the text is none of these or names no seed.
    """
    if re.fullmatch(r"\d+", text):
        seeds = tuple(range(int(text)))
    elif re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text):
        ranges = (part.partition("-") for part in text.split(","))
        spans = (range(int(low), int(high or low) + 1) for low, _, high in ranges)
        seeds = tuple(sorted({seed for span in spans for seed in span}))
    else:
        seeds = ()
    if not seeds:
        raise UsageError(
            f"cannot read seeds '{text}' (--seeds); give a number (10), a range (3-7) or 0,4"
        )
    return seeds


def split_names(
    values: Iterable[str], option: str, groups: Mapping[str, Sequence[str]] = NO_GROUPS
) -> tuple[str, ...]:
    """Split the repeated and comma-separated names of an option, dropping repeats.

    There are no values if the option is left out; `groups` are words that stand for some names.

    Raises
    ------
    UsageError
        If the option is given and names nothing.
    """
    given = tuple(values)
    words = [word for value in given for part in value.split(",") if (word := part.strip())]
    if given and not words:
        raise UsageError(f"{option} '{','.join(given)}' names nothing; give names, with commas")
    return tuple(dict.fromkeys(name for word in words for name in groups.get(word, (word,))))


def chosen_methods(values: Iterable[str]) -> tuple[str, ...]:
    """Return the methods asked for, in the order asked and without repeats.

    Of the values of ``--methods``, ``default`` stands for every faithful method and control but
    the ``extra`` ones, ``released`` for the released variants, ``all`` for all three; nothing means
    ``default``. What makes nothing without a file is in none of them.

    Raises
    ------
    UsageError
        If there are values and they name nothing.
    """
    faithful = tuple(name for name in METHODS.names if not is_released(name))
    groups = {
        "default": tuple(name for name in faithful if name not in EXTRA),
        "extra": tuple(name for name in EXTRA if name != OF_A_FILE),
        "released": tuple(name for name in METHODS.names if is_released(name)),
        "all": tuple(name for name in METHODS.names if name != OF_A_FILE),
    }
    return split_names(values, "--methods", groups) or groups["default"]


METRIC_GROUPS = ("default", "scib", "all")


def chosen_metrics(values: Iterable[str]) -> tuple[str, ...]:
    """Return the metrics asked for, in the order asked and without repeats.

    Of the values of ``--metrics``, ``scib`` stands for the group that scib-metrics computes,
    ``default`` for every other metric, ``all`` for both; nothing means ``default``.

    Raises
    ------
    UsageError
        If there are values and they name nothing.
    """
    default = tuple(name for name in METRICS.names if not is_scib(name))
    scib = tuple(name for name in METRICS.names if is_scib(name))
    groups = dict(zip(METRIC_GROUPS, (default, scib, METRICS.names), strict=True))
    return split_names(values, "--metrics", groups) or default
