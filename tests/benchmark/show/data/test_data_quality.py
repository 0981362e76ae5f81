"""``bench data`` maps gene names, reports quality, draws it and prints cards."""

import json

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from click.testing import CliRunner
from scipy import sparse

from genearena.benchmark.commands.data.group import command
from genearena.benchmark.show.plots.quality import quality_figure
from genearena.data.common.errors import DataError, StoreError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.data.quality.graph_quality import graph_quality
from genearena.data.tasks import load_task

FEW = ("--min-genes", 5, "--genes", 40, "--alpha", 0.001)


@pytest.fixture
def path(tmp_path):
    """Two donors of sixty cells and sixty genes named by ids, in an h5ad file."""
    rng = np.random.default_rng(0)
    programme = rng.gamma(2, 0.5, (120, 3))[:, np.arange(60) % 3]
    rate = rng.lognormal(6, 0.3, (120, 1)) * programme * rng.uniform(0.005, 0.02, 60)
    obs = pd.DataFrame({"donor": ["a", "b"] * 60}, index=[f"cell{i}" for i in range(120)])
    var = pd.DataFrame(index=[f"ENSG{i:011d}.2" for i in range(60)])
    table = AnnData(sparse.csr_matrix(rng.poisson(rate).astype(np.float32)), obs=obs, var=var)
    table.write_h5ad(tmp_path / "t.h5ad")
    return tmp_path / "t.h5ad"


@pytest.fixture
def data(tmp_path):
    """Return a function that runs ``bench data`` on a folder of its own."""

    def run(*arguments):
        words = [*map(str, arguments), "--data-dir", str(tmp_path / "store")]
        return CliRunner().invoke(command, words)

    return run


def add(data, path, *options):
    words = ("add", "--tissue", "lung", "--name", "mine", path, "--donor-key", "donor", *FEW)
    return data(*words, *options)


def test_ids_and_orthologs_are_mapped_from_the_command_line(data, path, tmp_path):
    """Ids become mouse symbols, which become human ones; notes are printed and kept."""
    (tmp_path / "names.tsv").write_text("".join(f"ENSG{i:011d}\tg{i}\n" for i in range(60)))
    (tmp_path / "o.csv").write_text("".join(f"g{i},HUMAN{i}\n" for i in range(50)))
    tables = ("--gene-names", tmp_path / "names.tsv", "--orthologs", tmp_path / "o.csv")
    done = add(data, path, *tables)
    assert done.exit_code == 0, done.output
    assert "Note: 'names.tsv' has a symbol for 60 of 60 ids" in done.stderr
    assert "Note: 'o.csv' renames 50 of 60 genes" in done.stderr
    task = load_task("lung", folder=tmp_path / "store")
    assert all(gene.startswith("HUMAN") for graph in task for gene in graph.genes)
    assert "renames 50 of 60" in data("check", "--tissue", "lung").stderr
    parameters = json.loads((tmp_path / "store/lung/mine/card.json").read_text())["origin"]
    assert parameters["parameters"]["read"]["orthologs"].startswith("o.csv, SHA-256 ")


def test_table_that_does_not_fit_stores_nothing(data, path, tmp_path):
    """A table of other genes is one line with an example of both, and nothing is stored."""
    (tmp_path / "o.csv").write_text("Trp53,TP53\n")
    result = add(data, path, "--orthologs", tmp_path / "o.csv")
    assert isinstance(result.exception, DataError)
    assert "'ENSG00000000000'" in str(result.exception)
    assert "TP53" in str(result.exception)
    assert not list((tmp_path / "store").rglob("*.npz"))


def test_check_reports_quality(data, path, tmp_path):
    """The numbers of the functions stand in the tables."""
    add(data, path)
    said = data("check", "--tissue", "lung")
    assert said.exit_code == 0, said.output
    quality = graph_quality(load_task("lung", folder=tmp_path / "store")[0])
    rows = said.stdout.split("ESNR")[1].splitlines()
    row = next(row.split() for row in rows if row.strip().startswith("a "))
    assert row[1:5] == [
        f"{quality.esnr:.2f}",
        f"{quality.esnr_by_chance:.2f}",
        f"{quality.median_degree:g}",
        str(quality.max_degree),
    ]
    assert "times chance" in said.stdout


def test_check_warns_of_bad_graphs(data, path):
    """A graph in which most pairs are edges is warned of with what to do."""
    add(data, path, "--alpha", 1.0)
    said = data("check", "--tissue", "lung").stderr
    assert "Warning: graph 'a': 100% of pairs are edges" in said
    assert "use --fdr" in said


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_figure_is_written_in_the_format_of_its_suffix(suffix, data, path, tmp_path):
    """The file begins as files of its format do."""
    add(data, path)
    figure = tmp_path / f"quality.{suffix}"
    said = data("check", "--tissue", "lung", "--output", figure)
    assert said.exit_code == 0, said.output
    begin = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert figure.read_bytes().startswith(begin)


def test_figure_that_cannot_be_written_is_one_line(data, path, tmp_path):
    """An unknown format and an absent folder are refused."""
    add(data, path)
    words = ("check", "--tissue", "lung", "--output")
    said = data(*words, tmp_path / "q.gif")
    assert isinstance(said.exception, UsageError)
    assert ".png, .svg, .pdf" in str(said.exception)
    (tmp_path / "file").touch()
    assert isinstance(data(*words, tmp_path / "file" / "q.png").exception, StoreError)


def test_figure_draws_every_graph(data, path, tmp_path):
    """One line of degrees and one of depth per graph; the matrix has the Jaccard index."""
    add(data, path)
    task = load_task("lung", folder=tmp_path / "store")
    figure = quality_figure(task)
    degree, depth, genes, _ = figure.axes[:4]
    assert len(degree.lines) == len(depth.lines) == 2
    shared = len(set(task[0].genes) & set(task[1].genes))
    values = np.asarray(genes.images[0].get_array())
    assert values[0, 1] == pytest.approx(shared / (80 - shared))
    assert len(quality_figure(GraphCollection("lung", "x", task.graphs[:1])).axes) == 2


def test_card_is_printed(data, path):
    """The card that lies beside the data is printed, with the terms given."""
    add(data, path, "--licence", "CC-BY 4.0", "--citation", "Me 2021")
    said = data("card", "--tissue", "lung", "--source", "mine")
    assert said.exit_code == 0, said.output
    assert "# Data card: lung (mine)" in said.stdout
    assert "- Licence: CC-BY 4.0" in said.stdout
    assert "- Citation: Me 2021" in said.stdout
    wrong = data("card", "--tissue", "lung", "--source", "mne").exception
    assert isinstance(wrong, UsageError)
    assert "did you mean 'mine'" in str(wrong)
