"""Methods and metrics that declare whatever may be declared wrongly, one fault each.

`METHODS` holds for every attribute of a method one class per odd value, `METRICS` the same of a
metric; each is an attribute of this module too, so that ``broken_declarations:Name`` names it.
"""

import functools
import itertools

import numpy as np
from bad_plugins import Good

from genearena.metrics.base import Metric


class Hostile:
    """Raises whatever is asked of it."""

    def _raise(self, *_):
        raise RuntimeError("hands off")

    __repr__ = __str__ = __eq__ = __bool__ = __len__ = __iter__ = __call__ = _raise
    __hash__ = None


class RaisingAttribute:
    """A descriptor that ends the process of whoever reads it, as far as Python can."""

    def __get__(self, *_):
        raise SystemExit(3)


def odd_values():
    """Return name -> a value of an unlikely type."""
    return {
        "none": None,
        "number": 42,
        "negative": -1,
        "nan": float("nan"),
        "true": True,
        "numpy_true": np.True_,
        "numpy_text": np.str_("x"),
        "array": np.ones(3),
        "empty": "",
        "lines": "two\nlines",
        "surrogate": "\udcff",
        "long": "m" * 200,
        "huge": "m" * 1_000_000,
        "bytes": b"x",
        "list": ["x"],
        "set": {"x"},
        "mapping": {1: "x"},
        "function": lambda *_: None,
        "object": object(),
        "class": int,
        "hostile": Hostile(),
        "raising": RaisingAttribute(),
    }


ATTRIBUTES = (
    "name", "version", "requires", "deterministic", "seeded", "equivariant", "needs",
    "trained_on", "control", "variant", "cannot_run", "colour", "fast", "search",
    "n_parameters_", "losses_", "skip", "preset", "fit", "embed", "__init__", "__signature__",
)  # fmt: skip


def _with_default(value):
    def __init__(self, *, dim=32, seed=0, odd=value):
        Good.__init__(self, dim=dim, seed=seed)
        self.odd = odd

    return __init__


def _answering(value):
    return lambda self, *_: value


def _class(name, members):
    return name, type(name, (Good,), members)


def _methods():
    values = odd_values()
    for attribute, (kind, value) in itertools.product(ATTRIBUTES, values.items()):
        yield _class(f"{attribute.strip('_')}_{kind}", {attribute: value})
    for kind, value in values.items():
        yield _class(f"default_{kind}", {"__init__": _with_default(value)})
        yield _class(f"fast_value_{kind}", {"fast": {"dim": value}})
        yield _class(f"fast_unknown_{kind}", {"fast": {"unknown": value}})
        for asked in ("skip", "fit", "embed"):
            yield _class(f"{asked}_gives_{kind}", {asked: _answering(value)})
        yield _class(f"preset_gives_{kind}", {"preset": classmethod(_answering(value))})


METHODS = dict(_methods())
globals().update(METHODS)
# each method that runs takes a process of its own, so that two kinds stand for all but in names
FOR_COMMANDS = [
    name for name in METHODS if name.endswith(("_none", "_hostile")) or name.startswith("name_")
]

FIELDS = (
    "name",
    "label",
    "function",
    "higher_is_better",
    "low",
    "high",
    "cites",
    "equation",
    "remark",
    "summary",
    "group",
    "needs",
    "scored",
    "version",
    "changes_with",
)
GOOD_METRIC = Metric(
    name="fine",
    label="Fine",
    function=lambda space: 0.5,
    higher_is_better=True,
    low=0.0,
    high=1.0,
    cites="",
)


def _raise(error, space):
    raise error


def _metrics():
    values = odd_values()
    good = {field: getattr(GOOD_METRIC, field) for field in FIELDS}
    for field, (kind, value) in itertools.product(FIELDS, values.items()):
        if kind != "raising":
            yield f"metric_{field}_{kind}", Metric(**good | {field: value})
    for kind, value in values.items():
        yield f"metric_is_{kind}", value
        gives = functools.partial(lambda value, space: value, value)
        yield f"metric_gives_{kind}", Metric(**good | {"function": gives})
    for error in (SystemExit(3), KeyboardInterrupt(), RecursionError(), MemoryError()):
        raises = functools.partial(_raise, error)
        name = type(error).__name__
        yield f"metric_raises_{name}", Metric(**good | {"function": raises})


METRICS = dict(_metrics())
globals().update(METRICS)
