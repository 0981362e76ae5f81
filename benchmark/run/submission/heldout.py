"""The task as a method must see it for its vectors to be judged on edges it was never shown."""

from collections.abc import Sequence

import numpy as np

from genearena.benchmark.run.evaluation.seeds import derive_seed
from genearena.benchmark.run.evaluation.training import HELDOUT_FRACTION
from genearena.data.graphs import FloatArray, GraphCollection
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


def are_the_same(vectors: Sequence[FloatArray], heldout: Sequence[FloatArray]) -> bool:
    """Return whether held-out vectors are the vectors, but for lengths, sign and rounding.

    A method that reads edges gives others without the hidden ones, so that such vectors come from
    no second training.
    """
    pairs = zip(vectors, heldout, strict=True)
    return all(a.shape == b.shape and _alike(_directions(a), _directions(b)) for a, b in pairs)


def _alike(a: FloatArray, b: FloatArray) -> bool:
    return np.allclose(a, b, atol=1e-5) or np.allclose(a, -b, atol=1e-5)


def _directions(vectors: FloatArray) -> FloatArray:
    wide = vectors.astype(np.float64)
    largest = np.abs(wide).max(axis=1, keepdims=True)
    # by the largest entry first: squares of large or tiny entries are out of range
    scaled = np.divide(wide, largest, out=np.zeros_like(wide), where=largest > 0)
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    directions: FloatArray = np.divide(scaled, lengths, out=scaled, where=lengths > 0)
    return directions
