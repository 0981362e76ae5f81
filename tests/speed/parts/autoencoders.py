"""The training steps of the auto-encoders beside plain ones."""

from speed.bench import Bench
from speed.sheet import Sheet, measured, ratio

AUTOENCODERS = ("gae", "vgae", "mae", "wsmae")


def measure(bench: Bench) -> Sheet:
    """Time the step of each method."""
    rows = []
    for method in AUTOENCODERS:
        step = bench.step(method, bench.size.usual_edges)
        ours, plain = measured(step.seconds.ours), measured(step.seconds.other)
        gain = ratio(step.seconds.ratio)
        rows.append((method, ours, plain, gain, f"{step.difference:.0e}"))
    size = bench.size
    return Sheet(
        f"Auto-encoders: one training step, {size.genes} genes x {size.cells} cells, "
        f"{size.usual_edges:,} edges",
        ("method", "ours", "plain", "plain / ours", "difference"),
        tuple(rows),
        (
            "Plain: GCNConv of PyG for gae and vgae; nn.Linear, a mask from torch.randperm (mae) "
            "and z zᵀ written out (wsmae) for the others; Adam as torch.optim has it.",
        ),
    )
