"""Bring records of earlier schemas to the present one: one pure step per version."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from genearena.benchmark.records.identity import former_id, names_in_ids, run_id
from genearena.benchmark.records.record import SCHEMA_VERSION, MethodInfo, Origin, TaskInfo

Values = dict[str, Any]


def migrate(values: Values) -> Values:
    """Return the values of a record of schema 1 up to the present one under the present one."""
    for version in range(values["schema_version"], SCHEMA_VERSION):
        values = STEPS[version](values) | {"schema_version": version + 1}
    return values


def _count_attempts_and_seal_vectors(values: Values) -> Values:
    # CPU time, memory before the run and energy were not measured: None, not zero
    cost = {"cpu_seconds": None, "base_rss_bytes": None, "energy_joules": None}
    added = {"attempts": 1, "embedding_sha256": None}
    return added | values | {"cost": cost | values.get("cost", {})}


def _leave_the_suite_out_of_ids(values: Values) -> Values:
    """Rename the run; one that is not what its id says keeps the id, by which that shows."""
    try:
        if values["run_id"] != former_id(values):
            return values
        task, method = TaskInfo(**values["task"]), MethodInfo(**values["method"])
        origin = None if values.get("origin") is None else Origin(**values["origin"])
    except (KeyError, TypeError, ValidationError):
        return values  # no record of any schema, and told so when it is read
    return values | {"run_id": run_id(task, method, values["seed"], values["preset"], origin)}


def _name_settings_alike(values: Values) -> Values:
    """Call settings what all methods call them; the id, which keeps former names, stays."""
    try:
        method, params = values["method"], values["method"]["params"]
        present = {former: name for name, former in names_in_ids(method["name"]).items()}
        renamed = {present.get(name, name): value for name, value in params.items()}
    except (KeyError, TypeError, AttributeError):
        return values  # no record of any schema, and told so when it is read
    return values | {"method": method | {"params": renamed}}


def _as_it_is(values: Values) -> Values:
    """Leave the record: up to 4 metrics kept no values of data sets, up to 5 runs no label."""
    return values


STEPS: Mapping[int, Callable[[Values], Values]] = {
    1: _count_attempts_and_seal_vectors,
    2: _leave_the_suite_out_of_ids,
    3: _name_settings_alike,
    4: _as_it_is,
    5: _as_it_is,
}
"""Schema version -> what brings its records to the next one."""
