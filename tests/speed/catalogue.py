"""The parts of the benchmark by name; a part is imported only when it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from genearena.data.common.errors import UsageError
from speed.bench import Bench
from speed.requirement import installed
from speed.sheet import Sheet


@dataclass(frozen=True)
class Part:
    """One part: what it tells, and whether it compares with torch-geometric."""

    summary: str
    beside_pyg: bool = False


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "musegnn": Part("MuSe-GNN's training step beside PyG", beside_pyg=True),
        "floor": Part("that step against its matrix products alone"),
        "memory": Part("its memory beside PyG", beside_pyg=True),
        "autoencoders": Part("steps of gae, vgae, mae, wsmae beside plain ones", beside_pyg=True),
        "walks": Part("walks beside the node2vec package"),
        "metrics": Part("neighbours overlap beside a loop; the six metrics"),
        "overhead": Part("the suite's own time per run, here and on Dask"),
        "growth": Part("the runner's time and memory up to 20,000 runs"),
        "cost": Part("the paper's comparison, reckoned for this machine, 1 and 8 GPUs"),
        "runs": Part("whole runs, reckoned from the steps", beside_pyg=True),
    }
)


def choose(only: str | None) -> list[str]:
    """Return the parts named in a list with commas, all if there is none.

    Raises
    ------
    UsageError
        If a name is unknown, or torch-geometric is wanted and missing.
    """
    names = list(PARTS) if only is None else [name.strip() for name in only.split(",")]
    for name in names:
        if name not in PARTS:
            raise UsageError(f"unknown part '{name}' of the benchmark; use {', '.join(PARTS)}")
    _need_torch_geometric([name for name in names if PARTS[name].beside_pyg])
    return list(dict.fromkeys(names))


def measure(part: str, bench: Bench) -> Sheet:
    """Carry out one part."""
    module = import_module(f"speed.parts.{part}")
    sheet: Sheet = module.measure(bench)
    return sheet


def _need_torch_geometric(parts: Sequence[str]) -> None:
    if parts and not installed("torch_geometric"):
        raise UsageError(
            f"{', '.join(parts)} compare with torch-geometric, which is not installed; "
            "pip install torch-geometric, or choose other parts with --only"
        )
