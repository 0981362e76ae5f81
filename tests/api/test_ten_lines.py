"""From AnnData of four data sets of PBMC to a table of neighbours, as a reader would type it."""

import os
import subprocess
import sys

import pytest
from places import ROOT

DATA = ROOT.parent / "shared" / "data"
LINES = """
import anndata
import genearena as ga

files = ["pbmc3k_countsplit", "pbmc4k_soupx", "pbmc_donorA_mudan", "pbmc_facs_fasttopics"]
sets = {name: anndata.read_h5ad(f"{name}.h5ad") for name in files}
graphs = ga.pp.graphs(sets, tissue="pbmc", n_genes=500)
vectors = ga.tl.embed(graphs, "stacked")
table = ga.tl.neighbors(vectors, "CD3D", k=10, graphs=graphs)
"""


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the development data are not there")
def test_ten_lines_find_the_neighbours_of_cd3d():
    """Its partner of the receptor comes first, in all data sets that have both."""
    assert len(LINES.strip().splitlines()) <= 10
    code = f"{LINES}\nprint(table.index[0], *table.iloc[0][['near_in', 'datasets_with_both']])"
    words = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(words, cwd=DATA, env=os.environ, capture_output=True, text=True)
    assert done.stdout.split() == ["CD3E", "3", "3"], done.stderr
