"""What a run is: the identity of a job and what a worker needs to carry it out."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genearena import __version__
from genearena.benchmark.records import MethodInfo, TaskInfo
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class TaskRef:
    """A stored task as workers find it: tissue, source and data folder."""

    card: TaskCard
    folder: Path | None = None

    @property
    def seed_name(self) -> str:
        """Name of the task in the derivation of seeds."""
        return f"{self.card.tissue}/{self.card.source}"


@dataclass(frozen=True)
class Job:
    """One run: a method with its parameters on one task with one seed.

    Parameters
    ----------
    task
        Data to embed.
    method
        Registered name and declarations; `params` holds dim and everything but the seed.
    seed
        Number of the repeat; the method's own seed derives from it.
    preset
        Name of the preset the parameters come from.
    metrics
        Metrics to compute.
    stored
        File of vectors from an earlier run of the same identity, to be scored without training.
    """

    task: TaskRef
    method: MethodInfo
    seed: int
    preset: str
    metrics: tuple[str, ...]
    stored: Path | None = None

    @property
    def run_id(self) -> str:
        """Readable name ending in 16 hex digits of the SHA-256 of everything that matters."""
        return run_id(self.task.card, self.method, self.seed, self.preset)


def run_id(
    data: TaskCard | TaskInfo,
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
    text = json.dumps(identity, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{_safe(data.tissue)}.{_safe(method.name)}.s{seed}.{digest}"


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
