"""The metrics on a large tissue, and neighbours overlap beside a loop over pairs."""

from itertools import combinations

from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.registry import METRICS
from speed.made_up import programme_vectors, random_task
from speed.sheet import Sheet, measured, ratio
from speed.stopwatch import Bench, Work, side_by_side, time_of

_SLOW_REPEATS = 3
_Row = tuple[int, set[str]]


def metrics(bench: Bench) -> Sheet:
    """Time neighbours overlap both ways, then every scored metric."""
    few, many = (_space(bench, n) for n in (bench.size.loop_graphs, bench.size.tissue_graphs))
    overlap = METRICS.load("neighbour_overlap")
    seconds = side_by_side(
        lambda: overlap(few), lambda: overlap_by_loop(few), min(bench.repeats, _SLOW_REPEATS)
    )
    shown = measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)
    alone = {name: time_of(work, bench.repeats) for name, work in _works(many).items()}
    return Sheet(
        f"Metrics on {bench.size.tissue_graphs} graphs of {bench.size.genes} genes and "
        f"{bench.size.usual_edges:,} edges",
        ("metric", "ours", "Python loop", "loop / ours"),
        (
            (f"NO, {len(few.graphs)} graphs", *shown),
            *((name, measured(times), "", "") for name, times in alone.items()),
        ),
        (
            "Anew: neighbour graph and Leiden clusters included; in the other rows they are there.",
            f"The loop's NO differs by {abs(overlap(few).value - overlap_by_loop(few)):.0e}.",
        ),
    )


def _space(bench: Bench, n_graphs: int) -> EmbeddingSpace:
    graphs = random_task(n_graphs, bench.size.genes, 2, bench.size.usual_edges)
    return EmbeddingSpace(graphs, tuple(programme_vectors(graphs)))


def _works(space: EmbeddingSpace) -> dict[str, Work]:
    scored = [metric for metric in map(METRICS.load, METRICS.builtin) if metric.scored]
    paper = {metric.label: metric for metric in scored}
    return {
        **{label: _each([metric], space) for label, metric in paper.items()},
        "NO + CGR, anew": _anew([paper["NO"], paper["CGR"]], space),
        "all six, anew": _anew(scored, space),
    }


def _each(metrics: list[Metric], space: EmbeddingSpace) -> Work:
    return lambda: [metric(space) for metric in metrics]


def _anew(metrics: list[Metric], space: EmbeddingSpace) -> Work:
    return lambda: _each(metrics, EmbeddingSpace(space.graphs, space.vectors))()


def overlap_by_loop(space: EmbeddingSpace) -> float:
    """Return neighbours overlap by a loop over pairs of genes, as it is first written down."""
    rows = [
        (position, {graph.genes[column] for column in graph.adjacency[[row]].indices})
        for position, graph in enumerate(space.graphs)
        for row in range(graph.n_genes)
    ]
    clusters: dict[int, list[_Row]] = {}
    for cluster, row in zip(space.clusters.tolist(), rows, strict=True):
        clusters.setdefault(cluster, []).append(row)
    return sum(len(c) * _mean_jaccard(c) for c in clusters.values()) / len(rows)


def _mean_jaccard(rows: list[_Row]) -> float:
    total, pairs = 0.0, 0
    for (dataset, near), (other, other_near) in combinations(rows, 2):
        if dataset != other:
            union = len(near | other_near)
            total += len(near & other_near) / union if union else 0.0
            pairs += 1
    return total / pairs if pairs else 0.0
