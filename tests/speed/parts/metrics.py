"""The metrics on a large tissue, and neighbours overlap beside a loop over pairs."""

from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.registry import METRICS
from speed.bench import Bench
from speed.loop import overlap_by_loop
from speed.made_up import programme_vectors, random_task
from speed.sheet import Sheet, measured, ratio
from speed.stopwatch import Work, side_by_side, time_of

_SLOW_REPEATS = 3


def measure(bench: Bench) -> Sheet:
    """Time neighbours overlap both ways, then every scored metric."""
    few = _space(bench, bench.size.loop_graphs)
    many = _space(bench, bench.size.tissue_graphs)
    scored = [metric for metric in map(METRICS.load, METRICS.builtin) if metric.scored]
    return Sheet(
        f"Metrics on {bench.size.tissue_graphs} graphs of {bench.size.genes} genes and "
        f"{bench.size.usual_edges:,} edges",
        ("metric", "ours", "Python loop", "loop / ours"),
        (_beside_the_loop(few, bench.repeats), *_alone(many, scored, bench.repeats)),
        (
            "Anew: neighbour graph and Leiden clusters included; in the other rows they are there.",
            f"The loop's NO differs by {_difference(few):.0e}.",
        ),
    )


def _space(bench: Bench, n_graphs: int) -> EmbeddingSpace:
    graphs = random_task(n_graphs, bench.size.genes, 2, bench.size.usual_edges)
    return EmbeddingSpace(graphs, tuple(programme_vectors(graphs)))


def _beside_the_loop(space: EmbeddingSpace, repeats: int) -> tuple[str, ...]:
    overlap = METRICS.load("neighbour_overlap")
    seconds = side_by_side(
        lambda: overlap(space), lambda: overlap_by_loop(space), min(repeats, _SLOW_REPEATS)
    )
    shown = measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)
    return f"NO, {len(space.graphs)} graphs", *shown


def _alone(
    space: EmbeddingSpace, scored: list[Metric], repeats: int
) -> tuple[tuple[str, ...], ...]:
    paper = {metric.label: metric for metric in scored}
    works = {
        **{label: _each([metric], space) for label, metric in paper.items()},
        "NO + CGR, anew": _anew([paper["NO"], paper["CGR"]], space),
        "all six, anew": _anew(scored, space),
    }
    return tuple((name, measured(time_of(w, repeats)), "", "") for name, w in works.items())


def _each(metrics: list[Metric], space: EmbeddingSpace) -> Work:
    return lambda: [metric(space) for metric in metrics]


def _anew(metrics: list[Metric], space: EmbeddingSpace) -> Work:
    return lambda: _each(metrics, EmbeddingSpace(space.graphs, space.vectors))()


def _difference(space: EmbeddingSpace) -> float:
    return abs(METRICS.load("neighbour_overlap")(space).value - overlap_by_loop(space))
