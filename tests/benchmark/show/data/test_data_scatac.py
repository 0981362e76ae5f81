"""``bench data add --modality scatac``: fragments and peaks become graphs that load."""

import gzip

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from click.testing import CliRunner
from scipy import sparse

from genearena.benchmark.commands.data.group import command
from genearena.data.common.errors import DataError
from genearena.data.make import sha256_of
from genearena.data.store import Store
from genearena.data.tasks import load_task

N_CELLS, N_GENES = 100, 250


@pytest.fixture(scope="module")
def rates():
    """Counts of genes of five programmes in each cell."""
    rng = np.random.default_rng(0)
    programme = rng.gamma(1.5, 0.7, (N_CELLS, 5))[:, np.arange(N_GENES) % 5]
    depth = rng.lognormal(0, 0.4, (N_CELLS, 1))
    return rng.poisson(1.5 * depth * programme * rng.uniform(0.4, 1.5, N_GENES))


@pytest.fixture(scope="module")
def files(tmp_path_factory, rates):
    """Folder with a GTF of genes far apart, and fragments and peaks that give `rates`."""
    folder, rng = tmp_path_factory.mktemp("atac"), np.random.default_rng(1)
    lines, genes = [], []
    for i in range(N_GENES):
        start = 5000 + 10_000 * (i // 3)
        genes.append((f"{i % 3 + 1}", start))
        name = f'gene_id "E{i}"; gene_name "A{i:03d}"; gene_biotype "protein_coding";'
        place = f"{i % 3 + 1}\tx\tgene\t{start + 1}\t{start + 3000}\t.\t{'+-'[i % 2]}\t.\t"
        lines.append(f"{place}{name}\n")
    (folder / "genes.gtf.gz").write_bytes(gzip.compress("".join(lines).encode()))
    rows = []
    for cell, gene in np.repeat(np.argwhere(rates), rates[rates > 0], axis=0):
        chromosome, start = genes[gene]
        at = start + int(rng.integers(2500))
        rows.append(f"chr{chromosome}\t{at}\t{at + int(rng.integers(30, 400))}\tC{cell:03d}-1\t1\n")
    rng.shuffle(rows)
    (folder / "fragments.tsv.gz").write_bytes(gzip.compress("".join(rows).encode()))
    names = [f"chr{chromosome}:{start}-{start + 500}" for chromosome, start in genes]
    obs = pd.DataFrame(index=[f"C{i:03d}-1" for i in range(N_CELLS)])
    table = AnnData(sparse.csr_matrix(rates.astype(np.float32)), obs, pd.DataFrame(index=names))
    table.write_h5ad(folder / "peaks.h5ad")
    return folder


def add(folder, files, file, *options, name="atac1"):
    words = ["add", "--tissue", "heart", "--name", name, files / file, "--modality", "scatac"]
    words += ["--gtf", files / "genes.gtf.gz", "--min-genes", 50, "--genes", N_GENES]
    return CliRunner().invoke(command, [*map(str, [*words, *options, "--data-dir", folder])])


def test_fragments_and_peaks_become_graphs(tmp_path, files, rates):
    """Both give the graph of the counts they were made from, which finds the programmes."""
    done = add(tmp_path, files, "fragments.tsv.gz", "--min-fragments", 20)
    assert done.exit_code == 0, done.output
    assert "100 of 100 barcodes have 20 fragments" in done.stderr
    done = add(tmp_path, files, "peaks.h5ad", name="atac2")
    assert done.exit_code == 0, done.output
    one, two = load_task("heart", folder=tmp_path)
    for graph in (one, two):
        assert graph.modality == "scatac"
        assert graph.n_cells == N_CELLS
        order = [int(gene[1:]) for gene in graph.genes]
        np.testing.assert_array_equal(graph.counts.toarray(), rates[:, order].T)
        rows, columns = graph.adjacency.nonzero()
        together = np.array(order)[rows] % 5 == np.array(order)[columns] % 5
        assert together.mean() > 0.5  # a fifth by chance
    assert (one.adjacency != two.adjacency).nnz == 0


def test_card_tells_how_activity_was_made(tmp_path, files):
    """The GTF is kept by name and sum, without its place, beside the options."""
    add(tmp_path, files, "fragments.tsv.gz", "--min-fragments", 20, "--promoter", 500)
    card = Store(tmp_path).card("heart", "atac1")
    activity = card.origin.parameters["read"]["activity"]
    assert activity["gtf"] == f"genes.gtf.gz, SHA-256 {sha256_of(files / 'genes.gtf.gz')}"
    assert (activity["promoter"], activity["min_fragments"]) == (500, 20)
    assert str(files) not in card.model_dump_json()


def test_default_threshold_says_what_it_dropped(tmp_path, files, rates):
    """Shallow data name the threshold that left too few cells, before quality control does."""
    failed = add(tmp_path, files, "fragments.tsv.gz")
    deep = int((rates.sum(axis=1) >= 1000).sum())
    assert 0 < deep < 40
    assert f"{deep} of 100 barcodes have 1000 fragments (--min-fragments)" in failed.stderr
    assert isinstance(failed.exception, DataError)
