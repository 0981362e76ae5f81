"""The machine of a benchmark run, in words."""

import os
from importlib.metadata import PackageNotFoundError, version

from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.execution import Execution

_PACKAGES = ("torch", "torch-geometric", "numpy")


def machine(threads: int, size: str, repeats: int) -> list[str]:
    """Return sentences that name the machine, its load and how the times are taken."""
    here = current_environment(Execution())
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return [
        f"{here.cpu}, {_count(here.cores, 'core')}; {_count(threads, 'thread')}; "
        f"load average {_load()} at the start.",
        f"Python {here.python}, {versions}; size '{size}'.",
        "Two ways of doing one thing are timed in turns, "
        f"{_count(repeats, 'round')} after a warm-up (fewer where one is very slow). Times: median "
        "± half the distance of the quartiles. Ratios are taken within a round: median "
        "[quartiles].",
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
