"""Hundreds of gene sets asked of a method's vectors, in every way."""

import numpy as np

from genearena.metrics._annotation.held_out import held_out, single_gene_trials
from genearena.metrics._annotation.prediction import PREDICTORS, GeneTable, Splits, predicted
from genearena.metrics._annotation.voting import voted
from speed.sheet import Sheet, duration, measured
from speed.stopwatch import Bench, time_of

_REPEATS, _METHODS, _DONORS, _DIM, _TRIED = 3, 9, 4, 32, 8


def functions(bench: Bench) -> Sheet:
    """Time all sets of one method; machines by a few of them, since each set has its own."""
    n_genes, n_sets, splits = 3 * bench.size.genes, bench.size.genes // 2, Splits(5, 1)
    rng = np.random.default_rng(0)
    sizes = rng.integers(max(n_genes // 300, 5), n_genes // 15, n_sets)
    members = np.argsort(rng.uniform(size=(n_genes, n_sets)), axis=0) < sizes
    z = rng.normal(size=(n_genes, _DIM))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    rows, folds = np.arange(n_genes), splits.of(members)
    table = GeneTable(rows, ((z, np.ones(n_sets, dtype=bool)),))
    repeats = min(bench.repeats, _REPEATS)
    seconds = {
        way: time_of(lambda way=way: predicted([table], members, folds, way), repeats)
        for way in PREDICTORS
        if way != "svm"
    }
    donors = [z] * _DONORS, [rows] * _DONORS
    seconds["voting"] = time_of(lambda: voted(*donors, members, folds), repeats)
    every = [(way, measured(t), duration(_METHODS * t.median)) for way, t in seconds.items()]
    trials = single_gene_trials(members[:, :_TRIED], rng)
    machines = time_of(lambda: held_out([table], members[:, :_TRIED], [trials], "svm"), 1)
    one = machines.median * n_sets / _TRIED
    every.append(("svm (reckoned)", duration(one), duration(_METHODS * one)))
    return Sheet(
        f"{n_sets} gene sets, {n_genes} genes, 5 folds, {_DONORS} donors, {_DIM} dimensions",
        ("way", "one method", f"{_METHODS} methods"),
        tuple(every),
    )
