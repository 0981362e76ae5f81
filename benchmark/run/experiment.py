"""Experiment files: what to run on what, in TOML, with named variants of methods."""

import itertools
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from genearena.benchmark.records.declared import declared_method, declared_metric
from genearena.benchmark.run.request import (
    MOST_RUNS,
    Configuration,
    chosen_methods,
    chosen_metrics,
    parse_seeds,
)
from genearena.data.common.errors import GeneArenaError, UsageError, did_you_mean
from genearena.data.common.foreign_files import read_whole
from genearena.data.common.one_line import shown
from genearena.methods.base import PRESETS
from genearena.methods.registry import METHODS, OF_A_FILE
from genearena.metrics.registry import is_of_gene_sets

LONGEST_LABEL = 32
"""Characters of a variant's label, which tables and figures show whole."""


@dataclass(frozen=True)
class Variants:
    """A method under settings: a row of its own, or one for each combination of a grid's values.

    `fixed` has the settings with one value, `grid` those with several.
    """

    label: str
    method: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Number of combinations."""
        return math.prod(map(len, self.grid.values()))

    def __iter__(self) -> Iterator[Configuration]:
        for values in itertools.product(*self.grid.values()):
            chosen = dict(zip(self.grid, values, strict=True))
            label = ", ".join([self.label, *(f"{name}={value}" for name, value in chosen.items())])
            yield Configuration(self.method, {**self.fixed, **chosen}, label)


@dataclass(frozen=True)
class Experiment:
    """What an experiment file says.

    `options` are those of ``bench run`` that it sets, by the names of the command's parameters;
    `claims` (better, worse) rows that are expected so; `tables` those of the paper with these rows.
    """

    about: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    variants: tuple[Variants, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    tables: tuple[int, ...] = ()

    def chosen(self, names: Sequence[str], *, alone: bool) -> tuple[Variants, ...]:
        """Return variants, then methods as they are.

        Parameters
        ----------
        names
            Of methods and groups of them; none stands for the default methods where there are no
            variants.
        alone
            Whether only what is named runs, variants by their labels; else all of them do.
        """
        by_label = {variants.label: variants for variants in self.variants}
        picked = [by_label[name] for name in names if name in by_label] if alone else self.variants
        rest = [name for name in names if name not in by_label]
        plain = chosen_methods(rest) if rest or not by_label else ()
        return (*picked, *_as_they_are(plain, by_label))


def _as_they_are(names: Iterable[str], taken: Iterable[str]) -> Iterator[Variants]:
    """Yield methods without a label, and ``vectors:FILE`` labelled by the file, as none `taken`."""
    labels = set(taken)
    for name in names:
        method, colon, file = name.partition(":")
        if method != OF_A_FILE or not colon:
            yield Variants("", name)
            continue
        path = Path(file).expanduser()
        label = own = _label_of(path)
        number = 1
        while label in labels:
            number += 1
            label = f"{own} ({number})"
        labels.add(label)
        yield Variants(label, method, {"file": str(path)})


def _label_of(path: Path) -> str:
    """Return what a file of vectors is called in tables: its name, unless a method is called so."""
    name = path.absolute().name if path.is_dir() else Path(path.name.removesuffix(".gz")).stem
    label = "".join(c if c.isprintable() and c not in ",:" else "_" for c in name) or "vectors"
    return f"{label} vectors" if label in METHODS.names else label[: LONGEST_LABEL - len(" (99)")]


def read_experiment(path: Path) -> tuple[Experiment, list[str]]:
    """Read an experiment file.

    Returns
    -------
    What it says, and one line for everything that is wrong with it.

    Raises
    ------
    UsageError
        If it cannot be read or is no TOML.
    """
    try:
        values = tomllib.loads(read_whole(path).decode())
    except (GeneArenaError, OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read the experiment '{path}': {error}") from error
    unknown = [key for key in values if key not in _KEYS]
    faults = [f"{shown(key)} is no key; {did_you_mean(key, _KEYS)}" for key in unknown]
    options: dict[str, Any] = {}
    for key, (parameter, read, wanted) in _KEYS.items():
        if key in values:
            options[parameter] = read(values[key])
            if options[parameter] is None:
                faults.append(f"{key} is {shown(values[key])}, want {wanted}")
                del options[parameter]
    about, tables = options.pop("about", ""), options.pop("variants", {})
    claims, numbers = options.pop("claims", ()), options.pop("tables", ())
    faults += _name_faults(options)
    variants = []
    for label, table in tables.items():
        one, wrong = _variants(label, table, options.get("preset", "fast"))
        faults += [f"variant {shown(label)}: {fault}" for fault in wrong]
        variants += [] if wrong else [one]
    labels = {each.label for some in variants for each in some if some.n_rows < MOST_RUNS}
    plain = chosen_methods(options.get("methods", ()))
    known = {*labels, *(each.label or each.method for each in _as_they_are(plain, labels))}
    asked = dict.fromkeys(label for claim in claims for label in claim)
    unknown = [label for label in asked if label not in known] if not faults else []
    faults += [
        f"claims: {shown(label)} is no row; {did_you_mean(label, known)}" for label in unknown
    ]
    return Experiment(about, options, tuple(variants), claims, numbers), faults


SHIPPED = files("genearena.benchmark") / "experiments"
"""Experiments of the paper's tables, a file each."""


def shipped() -> tuple[Path, ...]:
    """Return the experiments that come with the suite."""
    return tuple(sorted(Path(str(file)) for file in SHIPPED.iterdir()))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _names(value: object) -> tuple[str, ...] | None:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(name, str) and name for name in given):
        return None
    return tuple(given) or None


def _seeds(value: object) -> str | None:
    if type(value) is int:
        text = str(value)
    elif isinstance(value, list) and all(type(seed) is int for seed in value):
        text = ",".join(f"{seed}-{seed}" for seed in value)
    else:
        text = _text(value) or ""
    return None if _refused(parse_seeds, text) else text


def _preset(value: object) -> str | None:
    return _text(value) if value in PRESETS else None


def _dim(value: object) -> int | None:
    return value if type(value) is int and value >= 2 else None


def _claims(value: object) -> tuple[tuple[str, str], ...] | None:
    parts = [claim.split(" > ") for claim in _names(value) or ()]
    return tuple((a, b) for a, b in parts) if all(len(p) == 2 for p in parts) else None


def _numbers(value: object) -> tuple[int, ...] | None:
    plain = isinstance(value, list) and all(type(number) is int for number in value)
    return tuple(value) if plain and isinstance(value, list) else None


def _table(value: object) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) else None


_KEYS: Mapping[str, tuple[str, Callable[[object], Any], str]] = {
    "about": ("about", _text, "a text"),
    "tissues": ("tissues", _names, "a list of names"),
    "sources": ("sources", _names, "a list of names"),
    "methods": ("methods", _names, "a list of names"),
    "metrics": ("metrics", _names, "a list of names"),
    "seeds": ("seeds", _seeds, "how many seeds, a list of them, or a text as '3-7'"),
    "preset": ("preset", _preset, " or ".join(map(repr, PRESETS))),
    "dim": ("dim", _dim, "a whole number of 2 or more"),
    "claims": ("claims", _claims, "a list of 'ROW > OTHER ROW'"),
    "tables": ("tables", _numbers, "a list of numbers of the paper's tables"),
    "variants": ("variants", _table, "a table, [variants.LABEL], for each variant"),
}
"""Key of a file -> parameter of ``bench run``, what reads its value, and what that must be."""


def _name_faults(options: Mapping[str, Any]) -> Iterator[str]:
    plain = chosen_methods(options["methods"]) if "methods" in options else ()
    for each in _as_they_are(plain, ()):
        yield from _refused(METHODS.entry, each.method)
        if each.fixed:
            yield from _refused(declared_method, each.method, "fast", 32, each.fixed)
    for name in chosen_metrics(options["metrics"]) if "metrics" in options else ():
        # gene sets lie in a data folder, of which a file says nothing
        yield from () if is_of_gene_sets(name) else _refused(declared_metric, name)


def _refused(ask: Callable[..., object], *request: object) -> list[str]:
    try:
        ask(*request)
    except UsageError as problem:
        return [str(problem)]
    return []


def _variants(label: str, table: object, preset: str) -> tuple[Variants, list[str]]:
    """Return a variant, or a grid of them, and all that is wrong with it."""
    none = Variants(label, "")
    if not (0 < len(label) <= LONGEST_LABEL and label.isprintable() and "," not in label):
        return none, [f"its label wants 1 to {LONGEST_LABEL} printable characters and no comma"]
    if label in METHODS.names:
        return none, ["its label is the name of a method; take another"]
    method = table.get("method") if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(method, str):
        return none, ['it names no method; give method = "NAME"']
    if wrong := _refused(declared_method, method, preset):
        return none, wrong
    fixed, grid = {}, {}
    for name, value in table.items():
        if name == "method":
            continue
        if name == "seed":
            wrong.append("seed is set for all methods; give seeds = … above the variants")
        elif not (faults := _refused(declared_method, method, preset, 32, {name: value})):
            fixed[name] = value
        elif isinstance(value, list) and value:
            every = (_refused(declared_method, method, preset, 32, {name: v}) for v in value)
            wrong += [fault for some in every for fault in some]
            grid[name] = value
        else:
            wrong += faults
    return Variants(label, method, fixed, grid), wrong
