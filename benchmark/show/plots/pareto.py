"""Which methods no other one beats at once in score and in cost."""

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Floats


def pareto_front(cost: Floats, score: Floats) -> npt.NDArray[np.bool_]:
    """Mark the points that no other point beats: none is as cheap and good, and better in one.

    Parameters
    ----------
    cost
        (n,) lower is better.
    score
        (n,) higher is better.

    Returns
    -------
    (n,) mask; of equal points all are marked.
    """
    cheaper = cost[:, None] <= cost
    better = score[:, None] >= score
    strictly = (cost[:, None] < cost) | (score[:, None] > score)
    beaten: npt.NDArray[np.bool_] = np.logical_or.reduce(cheaper & better & strictly, axis=0)
    return ~beaten
