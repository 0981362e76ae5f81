"""Draw items evenly along an axis on which they are unevenly dense."""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from genearena.data.preprocessing._sctransform.spread import normal_reference

Array = npt.NDArray[np.float64]

GRID = 512
MARGIN = 3


def even_sample(x: Array, size: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw items without replacement with probability 1 / density at their position.

    The density is a normal kernel's with the normal-reference bandwidth, on a grid.

    Parameters
    ----------
    x
        (n,) positions.
    size
        Number of items to draw, at most n.
    rng
        Source of randomness.

    Returns
    -------
    (size,) indices in the order drawn.
    """
    chance = 1 / (_density(x) + np.finfo(float).eps)
    return rng.choice(len(x), size, replace=False, p=chance / chance.sum()).astype(np.int64)


def _density(x: Array) -> Array:
    """Return a multiple of the density at each position."""
    bandwidth = normal_reference(x)
    if bandwidth <= 0:
        return np.ones(len(x))
    low, high = x.min() - MARGIN * bandwidth, x.max() + MARGIN * bandwidth
    counts, edges = np.histogram(x, GRID, (low, high))
    width = edges[1] - edges[0]
    smooth = ndimage.gaussian_filter1d(counts.astype(float), bandwidth / width, mode="constant")
    density: Array = np.interp(x, edges[:-1] + width / 2, smooth / len(x) / width)
    return density
