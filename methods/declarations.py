"""What is wrong with a method's declarations: everything at once, and before any run."""

import inspect
import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import get_args

from genearena.data.common.declarations import CALLABLE, FLAG, Wanted, faults_of, line_of, subset_of
from genearena.data.common.errors import UsageError
from genearena.data.common.one_line import first_line, shown
from genearena.data.common.registry import LONGEST_NAME
from genearena.data.graph_views import PART_OF
from genearena.methods.base import PRESETS, Method, Variant
from genearena.methods.settings import is_range, plain_settings, setting_faults

NEEDS = tuple(sorted(set(PART_OF.values())))
# of instances, so that their class cannot tell
_COMPUTED = (property, cached_property)

_WANTED = {
    "name": line_of(LONGEST_NAME),
    "version": line_of(64),
    "requires": Wanted(
        "a tuple of package names",
        lambda value: type(value) is tuple and all(type(each) is str for each in value),
    ),
    "deterministic": FLAG,
    "seeded": FLAG,
    "equivariant": FLAG,
    "reduces": FLAG,
    "needs": subset_of(*NEEDS),
    "trained_on": line_of(500),
    "control": FLAG,
    "variant": Wanted(
        " or ".join(map(repr, get_args(Variant))),
        lambda value: type(value) is str and value in get_args(Variant),
    ),
    "cannot_run": line_of(500, least=0),
    "colour": Wanted(
        "six hexadecimal digits such as '#1f77b4', or nothing",
        lambda value: type(value) is str and re.fullmatch("(#[0-9a-fA-F]{6})?", value) is not None,
    ),
    "fast": Wanted("a dictionary of settings", lambda value: isinstance(value, dict)),
    "search": Wanted("a dictionary of ranges", lambda value: isinstance(value, dict)),
    "n_parameters_": Wanted("a whole number", lambda value: isinstance(value, (int, *_COMPUTED))),
    "losses_": Wanted("a tuple of numbers", lambda v: isinstance(v, (tuple, list, *_COMPUTED))),
    **dict.fromkeys(("fit", "embed", "skip", "preset"), CALLABLE),
}
_KEYWORDS = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def method_faults(method: object) -> list[str]:
    """Return one line for everything that is wrong with a method class, none if it can be run.

    Nothing is trained. Whatever reading a declaration raises is a fault too.
    """
    if not (isinstance(method, type) and issubclass(method, Method)):
        want = "want a class derived from genearena.methods.base.Method"
        return [f"it is {shown(method)}, {want}"]
    found = faults_of(method, _WANTED)
    missing = sorted(getattr(method, "__abstractmethods__", ()))
    if missing:
        found.append(f"{' and '.join(missing)} not defined")
    broken = {line.partition(" ")[0] for line in found}
    found += _told("the constructor cannot be read", lambda: _constructor_faults(method))
    if "fast" not in broken and method.fast.keys() & {"dim", "seed"}:
        found.append("fast sets dim or seed, which are set for all methods alike")
    if "search" not in broken:
        found += _told("search cannot be read", lambda: _search_faults(method))
    for preset in PRESETS if not broken & {"fast", "preset"} else ():
        look = partial(_preset_faults, method, preset)
        found += _told(f"preset '{preset}' cannot be read", look)
    return list(dict.fromkeys(found))


def _told(failing: str, look: Callable[[], list[str]]) -> list[str]:
    """Return the faults that `look` finds; if it raises, that is the fault."""
    try:
        return look()
    except UsageError as problem:
        return [first_line(problem)]
    except BaseException as error:  # noqa: BLE001 - what a plugin defines may do anything
        return [f"{failing}: {type(error).__name__}: {first_line(error)}"]


def _constructor_faults(method: type[Method]) -> list[str]:
    parameters = inspect.signature(method).parameters
    found = [
        f"the constructor's '{parameter.name}' is no keyword with a default"
        for parameter in parameters.values()
        if parameter.kind not in _KEYWORDS or parameter.default is parameter.empty
    ]
    lacking = [name for name in ("dim", "seed") if name not in parameters]
    return found + [f"the constructor lacks '{name}'" for name in lacking]


def _search_faults(method: type[Method]) -> list[str]:
    want = "('log', low, high), ('linear', low, high) or a tuple of two values or more"
    found = []
    for name, values in method.search.items():
        if name == "seed":
            found.append("search varies seed, which is set for all methods alike")
        elif type(values) is not tuple or not _can_be_tried(values):
            found.append(f"search: {shown(name)} is {shown(values)}, want {want}")
        else:
            tried = values[1:] if is_range(values) else values
            found += [
                f"search: {line}" for v in tried for line in setting_faults(method, {name: v})
            ]
    return found


def _can_be_tried(values: tuple[object, ...]) -> bool:
    if is_range(values):
        scale, low, high = values
        return low < high and (scale == "linear" or low > 0)  # type: ignore[operator]
    return len(values) > 1 and all(type(each) in (bool, int, float, str) for each in values)


def _preset_faults(method: type[Method], preset: str) -> list[str]:
    settings = method.preset(preset)
    if type(settings) is not dict:
        return [f"preset('{preset}') gives {shown(settings)}, want a dictionary"]
    faults = setting_faults(method, settings)
    if not faults:
        plain_settings(settings)
    return faults
