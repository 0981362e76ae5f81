"""The identity of a run: a name made of everything that decides its result."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from genearena.benchmark.records.record import MethodInfo, Origin, RunRecord

PROTOCOL = "1"
"""What the suite itself does to a training: how seeds derive from names, in
what state the process is. Raised by hand when a change of it changes vectors; a method's own
changes raise its `version`, a metric's the metric's."""

_PASSES, _LR = {"epochs": "passes"}, {"learning_rate": "lr"}
NAMES_IN_IDS: Mapping[str, Mapping[str, str]] = {
    "gene2vec": _PASSES,
    "node2vec": _PASSES,
    "giant": _PASSES,
    "gae": _LR,
    "vgae": _LR,
}
"""Method -> settings that were renamed, and the names under which ids hold them for good: what is
merely called otherwise is the same run."""


class Data(Protocol):
    """What tells one task's data from another's; task cards and records of tasks have it."""

    @property
    def tissue(self) -> str:
        """Tissue the data are of."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""


def run_id(
    data: Data, method: MethodInfo, seed: int, preset: str, origin: Origin | None = None
) -> str:
    """Derive the identity of a run, ``tissue.method.sSEED.HASH``, from what changes its vectors.

    And from little else: the preset changes no vectors that the parameters do not, but tables group
    runs by it, and one run cannot stand in two of them; one that was merged (`origin`) is another
    run than the same made here, so that neither takes the other's place.
    """
    identity: dict[str, Any] = {
        "protocol": PROTOCOL,
        "data": data.fingerprint,
        "method": method.name,
        "version": method.version,
        "params": _as_in_ids(method.name, method.params),
        "seed": seed,
        "preset": preset,
    }
    if origin is not None and origin.kind == "merged":
        identity["merged from"] = origin.by
    return _name(data.tissue, method.name, seed, identity)


def id_of(record: RunRecord) -> str:
    """Return the id that a record's contents give."""
    return run_id(record.task, record.method, record.seed, record.preset, record.origin)


def former_id(values: dict[str, Any]) -> str:
    """Return the id that the contents of a record, as JSON, gave up to schema 2."""
    task, method, seed = values["task"], values["method"], values["seed"]
    identity: dict[str, Any] = {
        "data": task["fingerprint"],
        "method": method["name"],
        "version": method["version"],
        "params": _as_in_ids(method["name"], method["params"]),
        "seed": seed,
        "preset": values["preset"],
        "suite": values["suite_version"],
    }
    return _name(task["tissue"], method["name"], seed, identity)


def vector_names(record: RunRecord) -> set[str]:
    """Return what the file of a run's vectors may be called: earlier schemas had other ids."""
    former = former_id(record.model_dump(mode="json"))
    return {f"{name}.h5ad" for name in (record.run_id, former)}


def names_in_ids(method: str) -> Mapping[str, str]:
    """Return which settings of a method, or of its variant, ids hold under a former name."""
    return NAMES_IN_IDS.get(method.partition(":")[0], {})


def _as_in_ids(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    names = names_in_ids(method)
    return {names.get(name, name): value for name, value in params.items()}


def _name(tissue: str, method: str, seed: int, identity: dict[str, Any]) -> str:
    text = json.dumps(identity, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{_safe(tissue)}.{_safe(method)}.s{seed}.{digest}"


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
