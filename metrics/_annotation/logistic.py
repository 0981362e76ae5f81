"""Logistic regression of all sets at once."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from genearena.data.genesets.gene_sets import BoolArray
from genearena.metrics._shared.nearest_rows import DoubleArray

TOLERANCE = 1e-6
MOST_STEPS, MOST_INNER, HALVINGS = 100, 50, 30
INNER = 1e-3
"""Share of a slope's squared length at which conjugate gradients stop."""
MOST_RISE = 0.5
"""Slope at the end of a step, as a share of that at its start, with which it is not too long."""
MOST_DIRECT = 72
"""Columns with which Hessians are made."""
NOISE = 1e-10
"""Singular values below this share of the largest are rounding."""


def standardised(vectors: DoubleArray) -> DoubleArray:
    """Return (n, r) vectors, their columns of mean 0 and variance 1, turned to as few as can be.

    Turning changes neither a regression nor its penalty, and there are never more columns than
    vectors. A column that does not vary is left out.
    """
    centred = vectors - vectors.mean(axis=0)
    spread = centred.std(axis=0)
    varies = spread > NOISE * max(float(np.abs(vectors).max(initial=0.0)), np.finfo(float).tiny)
    if not varies.any():
        return np.zeros((len(vectors), 1))
    u, size, _ = np.linalg.svd(centred[:, varies] / spread[varies], full_matrices=False)
    kept = size > NOISE * size[0]
    return np.asarray(u[:, kept] * size[kept])


def logistic_scores(
    train: DoubleArray,
    labels: BoolArray,
    test: DoubleArray,
    *,
    strength: float = 1.0,
    tolerance: float = TOLERANCE,
) -> DoubleArray:
    """Return the log odds that genes are in sets, by vectors of labelled genes.

    The optimum is that of scikit-learn's ``LogisticRegression(C=strength)``, whose intercept is not
    penalised. All sets take each of Newton's steps together, and conjugate gradients find the step.

    Parameters
    ----------
    train, labels
        (m, r) vectors and (m, T) memberships of the labelled genes; no set has all or none.
    test
        (q, r) vectors of the genes asked about.
    strength
        Weight of the labels against the penalty, scikit-learn's C.
    tolerance
        Largest entry of a gradient, as a share of m, at which a set is done.

    Returns
    -------
    (q, T) log odds.
    """
    weights, intercept = _fit(train, labels.astype(np.float64), strength, tolerance)
    return np.asarray(test @ weights + intercept)


def _fit(
    z: DoubleArray, y: DoubleArray, strength: float, tolerance: float
) -> tuple[DoubleArray, DoubleArray]:
    """Return (r, T) weights and (T,) intercepts."""
    share = y.mean(axis=0)
    z = np.column_stack([z, np.ones(len(z))])
    weights = np.zeros((z.shape[1], y.shape[1]))
    weights[-1] = np.log(share / (1 - share))
    penalty = np.append(np.ones(z.shape[1] - 1), 0.0)[:, None]
    newton = _direct(z, penalty) if z.shape[1] <= MOST_DIRECT else _conjugate(z, penalty)
    odds = np.tile(weights[-1], (len(y), 1))
    probability = expit(odds)
    left = np.arange(y.shape[1])
    for _ in range(MOST_STEPS):
        slope = strength * (z.T @ (probability - y)) + penalty * weights[:, left]
        open_ = np.abs(slope).max(axis=0) > tolerance * len(y)
        if not open_.any():
            break
        if not open_.all():
            left, slope, y = left[open_], slope[:, open_], y[:, open_]
            odds, probability = odds[:, open_], probability[:, open_]
        step = newton(strength * probability * (1 - probability), slope)
        moved = z @ step
        fall = (slope * step).sum(axis=0)
        base = penalty * weights[:, left]
        length = np.ones(len(left))
        probability = expit(odds + moved)
        # the loss is convex: where it still falls, or hardly rises, the step was not too long
        again = np.arange(len(left))
        for _ in range(HALVINGS):
            rise = strength * np.einsum(
                "mt,mt->t", probability[:, again] - y[:, again], moved[:, again]
            )
            ahead = base[:, again] + length[again] * penalty * step[:, again]
            rise += (ahead * step[:, again]).sum(axis=0)
            again = again[rise > MOST_RISE * np.abs(fall[again])]
            if not again.size:
                break
            length[again] /= 2
            probability[:, again] = expit(odds[:, again] + length[again] * moved[:, again])
        weights[:, left] += length * step
        odds = odds + length * moved
    return weights[:-1], weights[-1]


Newton = Callable[[DoubleArray, DoubleArray], DoubleArray]
"""Given (m, T) curvatures and (r, T) slopes, the (r, T) steps to where the slopes are level."""


def _direct(z: DoubleArray, penalty: DoubleArray) -> Newton:
    """Make every Hessian and solve with it: products of columns are the same for all sets."""
    first, second = np.triu_indices(z.shape[1])
    products = z[:, first] * z[:, second]

    def step(curve: DoubleArray, slope: DoubleArray) -> DoubleArray:
        hessian = np.empty((curve.shape[1], z.shape[1], z.shape[1]))
        hessian[:, first, second] = hessian[:, second, first] = curve.T @ products
        hessian += np.diag(penalty[:, 0] + NOISE)
        return np.asarray(np.linalg.solve(hessian, -slope.T[:, :, None])[:, :, 0].T)

    return step


def _conjugate(z: DoubleArray, penalty: DoubleArray) -> Newton:
    """Find the step by conjugate gradients, where Hessians would be too large."""
    squares = (z**2).T

    def step(curve: DoubleArray, slope: DoubleArray) -> DoubleArray:
        inverse = 1 / (penalty + squares @ curve + NOISE)
        found, rest = np.zeros_like(slope), -slope
        towards = inverse * rest
        product = (rest * towards).sum(axis=0)
        goal = INNER * product
        for _ in range(MOST_INNER):
            image = penalty * towards + z.T @ (curve * (z @ towards))
            by = _quotient(product, (towards * image).sum(axis=0))
            found += by * towards
            rest -= by * image
            ready = inverse * rest
            before, product = product, (rest * ready).sum(axis=0)
            if (product <= goal).all():
                break
            towards = ready + towards * _quotient(product, before)
        return found

    return step


def _quotient(above: DoubleArray, below: DoubleArray) -> DoubleArray:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
