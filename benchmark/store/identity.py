"""The identity of a run: a name made of everything that decides its result."""

import hashlib
import json
import re
from typing import Any, Protocol

from genearena import __version__
from genearena.benchmark.store.records import MethodInfo


class Data(Protocol):
    """What tells one task's data from another's; task cards and records of tasks have it."""

    @property
    def tissue(self) -> str:
        """Tissue the data are of."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data."""


def run_id(
    data: Data,
    method: MethodInfo,
    seed: int,
    preset: str,
    suite_version: str = __version__,
) -> str:
    """Derive the identity of a run from what it is.

    Parameters
    ----------
    data, method, seed, preset, suite_version
        Tissue and fingerprint, method with version and parameters, repeat, preset, and the
        version of the suite that made the run.

    Returns
    -------
    ``tissue.method.sSEED.HASH``, safe as a file name.
    """
    identity: dict[str, Any] = {
        "data": data.fingerprint,
        "method": method.name,
        "version": method.version,
        "params": method.params,
        "seed": seed,
        "preset": preset,
        "suite": suite_version,
    }
    text = json.dumps(identity, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{_safe(data.tissue)}.{_safe(method.name)}.s{seed}.{digest}"


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
