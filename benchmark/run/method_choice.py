"""Which methods a run is asked for: names, or words for groups of them."""

from collections.abc import Iterable

from genearena.benchmark.run.request import split_names
from genearena.methods.registry import METHODS, is_released


def chosen_methods(values: Iterable[str]) -> tuple[str, ...]:
    """Return the methods asked for, in the order asked and without repeats.

    Parameters
    ----------
    values
        Names, repeated or separated by commas. ``default`` stands for every faithful method and
        control, ``released`` for the released variants, ``all`` for both; nothing means
        ``default``.

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
