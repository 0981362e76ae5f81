"""How long whole runs under the ``paper`` preset would take, from the time of a step."""

from genearena.methods.registry import METHODS
from speed.bench import Bench
from speed.sheet import Sheet, duration

SEEDS = 10
# of the paper's ten tissues together (its abstract)
GRAPHS_OF_TEN_TISSUES = 82


def measure(bench: Bench) -> Sheet:
    """Reckon step x graphs x epochs x seeds for each neural method."""
    from speed.ours import NEURAL

    graphs = bench.size.tissue_graphs
    return Sheet(
        f"Whole runs under preset 'paper', reckoned: {SEEDS} seeds on one machine",
        (
            "method",
            "epochs",
            f"{graphs} graphs, ours",
            "plain",
            f"{GRAPHS_OF_TEN_TISSUES} graphs, ours",
            "plain",
        ),
        tuple(_row(bench, method) for method in NEURAL),
        (
            "Median step x graphs x epochs x seeds, one training after another with all threads; "
            "without the second training that held-out AUC asks for.",
            f"{graphs} graphs are the largest tissue, {GRAPHS_OF_TEN_TISSUES} the ten of the "
            f"paper, all of {bench.size.genes} genes x {bench.size.cells} cells and "
            f"{bench.size.usual_edges:,} edges.",
        ),
    )


def _row(bench: Bench, method: str) -> tuple[str, ...]:
    epochs = METHODS.load(method).preset("paper")["epochs"]
    seconds = bench.step(method, bench.size.usual_edges).seconds
    per_graph = [times.median * epochs * SEEDS for times in (seconds.ours, seconds.other)]
    reckoned = [
        duration(graphs * each)
        for graphs in (bench.size.tissue_graphs, GRAPHS_OF_TEN_TISSUES)
        for each in per_graph
    ]
    return method, str(epochs), *reckoned
