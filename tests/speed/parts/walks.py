"""Random walks beside the node2vec package's."""

from genearena.methods._walks.second_order import second_order_walks
from genearena.methods.node2vec import Engine, Node2vec
from speed.bench import Bench
from speed.made_up import random_task
from speed.requirement import installed
from speed.sheet import Sheet, measured, ratio
from speed.stopwatch import Work, side_by_side, time_of

# the package walks, and gensim trains, for half a minute
_SLOW_REPEATS = 3
_MISSING = (
    "Package not measured: needs node2vec, which wants an environment of its own, with numpy 1; "
    "'make parity' builds it in .venv-node2vec, and this part runs there."
)


def measure(bench: Bench) -> Sheet:
    """Time the walks alone, and walks with skip-gram training."""
    size = bench.size
    works = {"walks": _walks(bench), "walks and training": _training(bench)}
    return Sheet(
        f"node2vec: {size.walks_per_gene} walks of {size.walk_length} genes from each of "
        f"{size.genes}, {size.usual_edges:,} edges",
        ("what", "ours", "node2vec package", "package / ours"),
        tuple(_row(name, *pair, min(bench.repeats, _SLOW_REPEATS)) for name, pair in works.items()),
        () if installed("node2vec") else (_MISSING,),
    )


def _row(name: str, ours: Work, package: Work, repeats: int) -> tuple[str, ...]:
    if not installed("node2vec"):
        return name, measured(time_of(ours, repeats)), "not measured", "-"
    seconds = side_by_side(ours, package, repeats)
    return name, measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)


def _walks(bench: Bench) -> tuple[Work, Work]:
    size = bench.size
    adjacency = random_task(1, size.genes, 1, size.usual_edges)[0].adjacency

    def ours() -> object:
        return second_order_walks(
            adjacency,
            walks_per_gene=size.walks_per_gene,
            length=size.walk_length,
            p=1.0,
            q=0.5,
            seed=0,
        )

    def package() -> object:
        from genearena.methods._walks.package import walk_by_package

        return walk_by_package(
            adjacency,
            dim=32,
            walks_per_gene=size.walks_per_gene,
            length=size.walk_length,
            p=1.0,
            q=0.5,
            seed=0,
        )

    return ours, package


def _training(bench: Bench) -> tuple[Work, Work]:
    size = bench.size
    graphs = random_task(1, size.genes, 1, size.usual_edges)

    def fit(engine: Engine) -> object:
        return Node2vec(
            engine=engine, walks_per_gene=size.walks_per_gene, walk_length=size.walk_length
        ).fit(graphs)

    return lambda: fit("compiled"), lambda: fit("package")
