"""How alike expression profiles are."""

import numpy as np

from genearena.data.graphs import FloatArray, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray


def correlations(profiles: FloatArray, rows: IntArray) -> DoubleArray:
    """Return (rows, n) correlations of some profiles with all; 0 for one without variance."""
    centred = profiles - profiles.mean(axis=1, keepdims=True, dtype=np.float64)
    norms = np.linalg.norm(centred, axis=1)
    scale = norms[rows, None] * norms
    inner: DoubleArray = centred[rows] @ centred.T
    safe: DoubleArray = np.where(scale > 0, scale, 1.0)
    return np.asarray(np.where(scale > 0, inner / safe, 0.0))
