"""Trend of the dispersion over the mean: a weighted local median."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BATCH = 500
SMALLEST_WINDOW = 100
SHARE_OF_GENES = 0.1


def dispersion_trend(level: Array, dispersion: Array) -> Array:
    """Return for each gene the weighted median dispersion of the genes of similar level.

    Genes are taken 500 at a time in the order given, as the original does. Of each batch a tenth,
    but at least 100 genes, make a window along the level, with normal weights that fall to three
    standard deviations at its ends. Genes nearer than half a window to the lowest or highest one
    share the first or last full window.

    Parameters
    ----------
    level
        (n,) values that order the genes by their mean.
    dispersion
        (n,) dispersion of each gene.

    Returns
    -------
    (n,) trend, each value one of the dispersions.
    """
    starts = range(0, len(level), BATCH)
    batches = [slice(start, start + BATCH) for start in starts]
    return np.concatenate([np.empty(0), *(_trend(level[b], dispersion[b]) for b in batches)])


def _trend(level: Array, dispersion: Array) -> Array:
    n = len(level)
    half = min(max(int(SHARE_OF_GENES * n), SMALLEST_WINDOW) // 2, (n - 1) // 2)
    weight = np.exp(-(np.linspace(-3, 3, 2 * half + 1) ** 2) / 2) if half else np.ones(1)
    order = np.argsort(level, kind="stable")
    windows = np.lib.stride_tricks.sliding_window_view(dispersion[order], 2 * half + 1)
    rank = np.argsort(windows, axis=1, kind="stable")
    passed = np.cumsum(weight[rank], axis=1)
    middle = (passed < passed[:, -1:] / 2).sum(axis=1, keepdims=True)
    median = np.take_along_axis(windows, np.take_along_axis(rank, middle, axis=1), axis=1)[:, 0]
    trend = np.empty(n)
    trend[order] = median[np.clip(np.arange(n) - half, 0, len(median) - 1)]
    return trend
