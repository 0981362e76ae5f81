"""Time a training step of ours and of the plain model on the same task."""

from speed.agreement import copy_weights, largest_difference, same_step
from speed.bench import Bench, StepTiming
from speed.made_up import random_task
from speed.ours import build
from speed.plain.model import plain_adam, plain_step
from speed.plain.models import PLAIN
from speed.stopwatch import side_by_side


def time_step(bench: Bench, method: str, edges: int) -> StepTiming:
    """Compare steps on the first of two graphs, from the same weights."""
    graphs = random_task(2, bench.size.genes, bench.size.cells, edges)
    ours, plain = build(method, graphs), PLAIN[method](graphs)
    copy_weights(ours, plain)
    difference = largest_difference(*same_step(ours, plain, 0))
    optimizer = plain_adam(plain, *ours.rates)
    seconds = side_by_side(
        lambda: ours.step(0), lambda: plain_step(plain, optimizer, 0), bench.repeats
    )
    return StepTiming(seconds, difference)
