"""Energy that the processor packages, memory and GPU of this machine have taken.

The counters are the machine's: whatever else runs on it counts too, other workers included.
Reading those of the processor (RAPL) usually takes an administrator's permission; those of the
GPU take the package nvidia-ml-py.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

RAPL = Path("/sys/class/powercap")
# a package's counter starts again after 2**38 µJ, at 300 W a quarter of an hour
SECONDS_BETWEEN_READINGS = 60.0


@dataclass
class Counter:
    """A counter that only goes up, and may start again at zero.

    Parameters
    ----------
    read
        Returns where it is, in joules.
    span
        Joules at which it starts again; infinite if it does not.
    """

    read: Callable[[], float]
    span: float = float("inf")
    total: float = 0.0
    last: float = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.read()

    def update(self) -> float:
        """Return the joules since the counter was first read."""
        now = self.read()
        step = now - self.last
        if step < 0:
            step = step + self.span if self.span < float("inf") else 0.0
        self.total += step
        self.last = now
        return self.total


class EnergyMeter:
    """Sums counters; to be read more often than any of them starts again.

    Parameters
    ----------
    counters
        What to sum; nothing is measured if there are none.
    """

    def __init__(self, counters: Sequence[Counter]) -> None:
        self._counters = list(counters)
        self._lock = threading.Lock()

    def joules(self) -> float | None:
        """Return the joules since the meter was made, None if nothing can be read."""
        with self._lock:
            if not self._counters:
                return None
            try:
                return sum(counter.update() for counter in self._counters)
            except OSError:
                self._counters = []
                return None


def machine_counters(*, gpu: bool, folder: Path = RAPL) -> list[Counter]:
    """Return the counters of this machine that can be read.

    Parameters
    ----------
    gpu
        Whether to count the first GPU that this process may use.
    folder
        Where the kernel shows its power zones.
    """
    counters = []
    for zone in sorted(folder.glob("*-rapl:*")):
        with suppress(OSError, ValueError):
            # zones within a package are part of it, except the memory; "psys" holds packages
            name = (zone / "name").read_text().strip()
            if name.startswith("package") or name == "dram":
                counters.append(_rapl_counter(zone))
    return counters + (_gpu_counters() if gpu else [])


def _rapl_counter(zone: Path) -> Counter:
    def read() -> float:
        return int((zone / "energy_uj").read_text()) / 1e6

    return Counter(read, int((zone / "max_energy_range_uj").read_text()) / 1e6)


def _gpu_counters() -> list[Counter]:
    try:
        import pynvml
    except ImportError:
        return []
    try:
        pynvml.nvmlInit()
        device = _gpu_handle(pynvml, os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0])
        return [Counter(lambda: pynvml.nvmlDeviceGetTotalEnergyConsumption(device) / 1e3)]
    except pynvml.NVMLError:
        return []


def _gpu_handle(pynvml: object, name: str) -> object:
    by_index = name.isdigit()
    find = "nvmlDeviceGetHandleByIndex" if by_index else "nvmlDeviceGetHandleByUUID"
    return getattr(pynvml, find)(int(name) if by_index else name)
