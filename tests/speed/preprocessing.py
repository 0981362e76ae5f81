"""Print the wall times of the preprocessing beside those of the original tools in R.

Run as ``python tests/data/preprocessing/speed.py [FOLDER]``, where FOLDER holds the development
data and the reference outputs; by default it is the one beside the checkout. The times of R were
taken on two cores without other load, single-threaded but for its linear algebra.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import anndata
import click
import numpy as np
from places import SHARED
from scipy import sparse

from genearena.data.preprocessing import cscore, sctransform, sparkx

BESIDE = SHARED
REPEATS = 5


def sctransform_pbmc(folder: Path) -> Callable[[], object]:
    """Set up scTransform of 2700 cells x 32.7 k genes."""
    table = anndata.read_h5ad(folder / "data" / "pbmc3k_countsplit.h5ad")
    return lambda: sctransform(table)


def cscore_ifnb(folder: Path) -> Callable[[], object]:
    """Set up CS-CORE of the 1000 most frequent genes in 1000 cells."""
    stored = np.load(folder / "reference" / "counts_ifnb_ctrl1000.npz")
    parts = stored["data"].astype(float), stored["indices"].astype(int), stored["indptr"]
    counts = sparse.csr_array(sparse.csr_array(parts, shape=tuple(stored["shape"])).T)
    depth = counts.sum(axis=1)
    chosen = np.sort(np.argsort(-counts.sum(axis=0))[:1000])
    frequent = counts[:, chosen]
    return lambda: cscore(frequent, depth=depth)


def sparkx_olfactory_bulb(folder: Path) -> Callable[[], object]:
    """Set up SPARK-X of 262 spots x 15.9 k genes."""
    table = anndata.read_h5ad(folder / "data" / "mob_st.h5ad")
    return lambda: sparkx(table)


# what, on which data, seconds in R, how it is set up
CASES = [
    ("scTransform v2", "2700 cells x 32738 genes", "14.5", sctransform_pbmc),
    ("CS-CORE", "1000 cells x 1000 genes", "1.8 (base), 5.3 (Rcpp)", cscore_ifnb),
    ("SPARK-X", "262 spots x 15928 genes", "18", sparkx_olfactory_bulb),
]


def seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Return the time of the first run, compilation included, and the median of the next five."""
    times = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times[0], float(np.median(times[1:]))


def main() -> None:
    """Time every case and print one line each."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    click.echo(f"{'tool':<16}{'data':<28}{'first [s]':>10}{'median [s]':>12}   R [s]")
    for tool, data, original, set_up in CASES:
        first, median = seconds(set_up(folder))
        click.echo(f"{tool:<16}{data:<28}{first:>10.2f}{median:>12.2f}   {original}")


if __name__ == "__main__":
    main()
