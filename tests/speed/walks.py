"""Random walks beside the node2vec package's."""

from functools import partial
from importlib.util import find_spec

from genearena.methods.node2vec import Node2vec
from speed.made_up import random_task
from speed.sheet import Sheet, measured, ratio
from speed.stopwatch import Bench, side_by_side, time_of

# the package walks, and gensim trains, for half a minute
_SLOW_REPEATS = 3
_MISSING = (
    "Package not measured: needs node2vec, which wants an environment of its own, with numpy 1; "
    "'make parity' builds it in .venv-node2vec, and this part runs there."
)


def walks(bench: Bench) -> Sheet:
    """Time whole trainings: walks and skip-gram."""
    size, repeats = bench.size, min(bench.repeats, _SLOW_REPEATS)
    graphs = random_task(1, size.genes, 1, size.usual_edges)
    method = partial(Node2vec, walks_per_gene=size.walks_per_gene, walk_length=size.walk_length)

    def ours() -> object:
        return method(engine="compiled").fit(graphs)

    if find_spec("node2vec"):
        seconds = side_by_side(ours, lambda: method(engine="package").fit(graphs), repeats)
        row = measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)
    else:
        row = measured(time_of(ours, repeats)), "not measured", "-"
    return Sheet(
        f"node2vec: {size.walks_per_gene} walks of {size.walk_length} genes from each of "
        f"{size.genes}, {size.usual_edges:,} edges",
        ("what", "ours", "node2vec package", "package / ours"),
        (("walks and training", *row),),
        () if find_spec("node2vec") else (_MISSING,),
    )
