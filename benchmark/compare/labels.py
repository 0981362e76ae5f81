"""Names for the rows of a table: the method's, and what tells its settings apart."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.record import RunRecord
from genearena.data.common.one_line import one_line

LONGEST_NAME = 32
"""Characters of a method's name that a table or figure shows; of a longer one both ends."""


def label_methods(records: Iterable[RunRecord]) -> Mapping[MethodKey, str]:
    """Name every method, telling apart settings of one method only where there are several.

    Returns
    -------
    key -> what its newest run is called by whoever asked for it; else ``gae``, or ``gae (paper)``,
    ``gae (dim=64)``, ``gae (paper, settings 2)``; no two methods have the same. What was made
    elsewhere changes no label of what was made here, and names its place if it has the same.
    """
    presets: dict[MethodKey, set[str]] = {}
    given: dict[MethodKey, tuple[str, str]] = {}
    for record in records:
        key = MethodKey.of(record)
        presets.setdefault(key, set()).add(record.preset)
        if record.label:
            given[key] = max(given.get(key, ("", "")), (record.created, record.label))
    names = {key: given[key][1] if key in given else key.name for key in presets}
    labels: dict[MethodKey, str] = {}
    # runs made here have no place, and are named first
    for place in sorted({key.place for key in presets}):
        mine: dict[MethodKey, str] = {}
        for name in sorted({names[key] for key in presets if key.place == place}):
            own = {
                key: "+".join(sorted(p))
                for key, p in presets.items()
                if (key.place, names[key]) == (place, name)
            }
            mine |= _label_settings(name, own)
        taken = set(labels.values())
        for key, label in _told_apart(mine).items():
            labels[key] = one_line(f"{label} ({place})") if label in taken else label
    return labels


def _told_apart(labels: Mapping[MethodKey, str]) -> dict[MethodKey, str]:
    """Add numbers to a label that several methods have: names cut short, say."""
    lines = {key: one_line(label) for key, label in labels.items()}
    sharing = Counter(lines.values())
    numbers: Counter[str] = Counter()
    told = {}
    for key, label in lines.items():
        numbers[label] += 1
        told[key] = f"{label} #{numbers[label]}" if sharing[label] > 1 else label
    return told


def _short(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 + 1 :]}"


def _label_settings(name: str, presets: Mapping[MethodKey, str]) -> dict[MethodKey, str]:
    labels = {}
    for preset in sorted(set(presets.values())):
        same = sorted(key for key in presets if presets[key] == preset)
        prefix = [preset] if len(set(presets.values())) > 1 else []
        for key, settings in zip(same, _differences(same), strict=True):
            parts = ", ".join(prefix + ([settings] if settings else []))
            labels[key] = f"{_short(name)} ({parts})" if parts else _short(name)
    return labels


def _differences(keys: Sequence[MethodKey]) -> list[str]:
    if len(keys) == 1:
        return [""]
    tables = [
        {"method": key.name, "version": key.version, "from": key.origin, **json.loads(key.params)}
        for key in keys
    ]
    names = list(dict.fromkeys(name for table in tables for name in table))
    absent = object()
    varying = [n for n in names if len({repr(t.get(n, absent)) for t in tables}) > 1]
    texts = [", ".join(f"{n}={t[n]}" for n in varying if n in t) for t in tables]
    # a long list of parameters is no name; the csv table has them all
    if max(map(len, texts)) > 24 or len(set(texts)) < len(texts):
        return [f"settings {i}" for i in range(1, len(keys) + 1)]
    return texts
