"""The task as a method must see it for its vectors to be judged on edges it was never shown."""

from genearena.benchmark.evaluation.seeds import derive_seed
from genearena.benchmark.evaluation.training import HELDOUT_FRACTION
from genearena.data.graphs import GraphCollection
from genearena.data.holdout import hide_edges


def without_hidden_edges(graphs: GraphCollection, seed: int) -> GraphCollection:
    """Return the task without the edges that Held-out AUC asks for at a seed.

    Train on it for the vectors that ``bench submit --heldout`` takes.

    Parameters
    ----------
    graphs
        The full task, as `load_task` gives it.
    seed
        Number of the repeat.
    """
    derived = derive_seed(seed, f"{graphs.tissue}/{graphs.source}", "heldout")
    return hide_edges(graphs, fraction=HELDOUT_FRACTION, seed=derived)[0]
