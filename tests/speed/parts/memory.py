"""The memory of MuSe-GNN's training beside message passing."""

from speed.bench import Bench
from speed.sheet import Sheet, digits
from speed.step_memory import memory_of


def measure(bench: Bench) -> Sheet:
    """Train in a fresh process per implementation and number of edges."""
    rows = []
    for edges in bench.size.edges:
        ours, plain = (
            memory_of(which, bench.size, edges, bench.threads) / 1e6 for which in ("ours", "plain")
        )
        times = digits(plain / ours) if ours > 0 else "-"
        rows.append((f"{edges:,}", f"{ours:.0f} MB", f"{plain:.0f} MB", times))
    return Sheet(
        "MuSe-GNN: memory that building the model and three steps take",
        ("edges", "ours", "PyG", "PyG / ours"),
        tuple(rows),
        ("Rise of the peak resident set of a process of its own, after imports and data.",),
    )
