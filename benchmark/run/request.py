"""What the user asks for, read from words on the command line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from genearena.data.common.errors import UsageError
from genearena.data.tasks import TaskCard
from genearena.methods.registry import METHODS, is_released
from genearena.metrics.registry import METRICS, is_scib

Rerun = Literal["never", "failed", "always"]
NO_GROUPS: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Request:
    """What the user asks for: methods and metrics by name, the data to run on, and the repeats.

    `rerun` says which stored runs to do again: none, those not ok, or all.
    """

    tasks: tuple[TaskCard, ...]
    methods: tuple[str, ...]
    metrics: tuple[str, ...]
    seeds: tuple[int, ...]
    preset: str = "fast"
    dim: int = 32
    rerun: Rerun = "never"


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

    Of the values of ``--methods``, ``default`` stands for every faithful method and control,
    ``released`` for the released variants, ``all`` for both; nothing means ``default``.

    Raises
    ------
    UsageError
        If there are values and they name nothing.
    """
    groups = {
        "default": tuple(name for name in METHODS.names if not is_released(name)),
        "released": tuple(name for name in METHODS.names if is_released(name)),
        "all": METHODS.names,
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
