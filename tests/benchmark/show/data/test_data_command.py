"""``bench data`` from files to tasks, and its one line for every kind of bad input."""

import re

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from click.testing import CliRunner
from scipy import sparse

from genearena.benchmark.commands.data.group import command
from genearena.data.common.errors import DataError, GeneArenaError, StoreError, UsageError
from genearena.data.tasks import find_task, load_task

FEW = ("--min-genes", 5, "--genes", 40)


@pytest.fixture
def table():
    """Two donors of sixty cells and one of twelve, sixty genes of three programmes."""
    rng = np.random.default_rng(0)
    programme = rng.gamma(2, 0.5, (132, 3))[:, np.arange(60) % 3]
    rate = rng.lognormal(6, 0.3, (132, 1)) * programme * rng.uniform(0.005, 0.02, 60)
    obs = pd.DataFrame({"donor": ["a", "b"] * 60 + ["c"] * 12})
    obs.index = [f"cell{i}" for i in range(132)]
    var = pd.DataFrame(index=[f"G{i}" for i in range(60)])
    return AnnData(sparse.csr_matrix(rng.poisson(rate).astype(np.float32)), obs=obs, var=var)


@pytest.fixture
def data(tmp_path):
    """Return a function that runs ``bench data`` on a folder of its own."""

    def run(*arguments):
        words = [*map(str, arguments), "--data-dir", str(tmp_path / "store")]
        return CliRunner().invoke(command, words)

    return run


@pytest.fixture
def path(tmp_path, table):
    """The made-up table as an h5ad file."""
    table.write_h5ad(tmp_path / "t.h5ad")
    return tmp_path / "t.h5ad"


def add(data, path, *options, name="mine"):
    return data("add", "--tissue", "lung", "--name", name, path, *FEW, *options)


def error(result, kind=GeneArenaError):
    """Return the message of the error a command ended with; it must be one line."""
    assert isinstance(result.exception, kind), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_added_file_becomes_a_task(data, path, tmp_path):
    """Donors become graphs that load, are listed and checked; the small donor is named."""
    done = add(data, path, "--donor-key", "donor", "--alpha", 0.05)
    assert done.exit_code == 0, done.output
    assert "Warning: left out 'c' has 12 cells, want 40" in done.stderr
    task = load_task("lung", folder=tmp_path / "store")
    assert task.names == ("a", "b")
    assert [graph.n_genes for graph in task] == [40, 40]
    assert [graph.n_cells for graph in task] == [60, 60]
    listed = data("list").stdout
    assert "lung" in listed
    assert task.fingerprint[:12] in listed
    checked = data("check", "--tissue", "lung")
    assert checked.exit_code == 0, checked.output
    assert f"{len(task.common_genes)} genes in all 2 graphs" in checked.stdout
    assert str(task[0].n_edges) in checked.stdout
    assert "left out 'c'" in checked.stderr


def test_overlap_counts_shared_genes(data, path, tmp_path):
    """The matrix has each graph's own genes on the diagonal and shared ones beside."""
    add(data, path, "--donor-key", "donor")
    one, two = load_task("lung", folder=tmp_path / "store")
    shared = str(len(set(one.genes) & set(two.genes)))
    rows = data("check", "--tissue", "lung").stdout.split("genes shared")[1].splitlines()
    assert next(row.split() for row in rows if " a " in row) == ["1", "a", "40", shared]


def test_one_sample_is_added_but_is_no_task_by_itself(data, path):
    """Without a donor key the file is one graph of the data set's name; `check` says what lacks."""
    assert add(data, path).exit_code == 0
    assert "one graph, 'mine'" in error(data("check", "--tissue", "lung"), DataError)
    assert add(data, path, name="other").exit_code == 0
    assert data("check", "--tissue", "lung").exit_code == 0


def test_taken_name_needs_force(data, path):
    """A second data set of one name is refused unless it should replace the first."""
    add(data, path)
    assert "use --force" in error(add(data, path), UsageError)
    assert add(data, path, "--force").exit_code == 0


def test_failed_replacement_keeps_the_first(data, path, tmp_path, table):
    """Forcing a file that cannot be used leaves the stored data set as it was."""
    add(data, path, "--donor-key", "donor")
    before = load_task("lung", folder=tmp_path / "store").fingerprint
    table.X = np.log1p(table.X.toarray())
    table.write_h5ad(path)
    error(add(data, path, "--force"), DataError)
    assert load_task("lung", folder=tmp_path / "store").fingerprint == before


def test_options_reach_the_graphs(data, path, tmp_path):
    """Modality, species and the level of the test are as asked for."""
    add(data, path, name="loose")
    options = ("--modality", "scatac", "--species", "mouse", "--alpha", 1e-8, "--fdr")
    add(data, path, *options, name="strict")
    loose, strict = load_task("lung", folder=tmp_path / "store")
    assert (loose.modality, loose.species) == ("scrna", "human")
    assert (strict.modality, strict.species) == ("scatac", "mouse")
    assert loose.genes == strict.genes
    assert 0 < strict.n_edges < loose.n_edges


def test_spatial_file_has_its_genes_picked_by_place(data, path, table, tmp_path):
    """With coordinates SPARK-X picks the genes; the card and the table say so."""
    table.obsm["spatial"] = np.random.default_rng(1).uniform(0, 9, (132, 2))
    table.write_h5ad(path)
    spatial = ("--modality", "spatial", "--donor-key", "donor")
    done = add(data, path, *spatial)
    assert done.exit_code == 0, done.output
    add(data, path, *spatial, "--genes-by", "variance", name="other")
    rules = [graph.genes_by for graph in find_task("lung", folder=tmp_path / "store").graphs]
    assert rules == ["sparkx", "sparkx", "variance", "variance"]
    by_place, by_variance = load_task("lung", folder=tmp_path / "store").graphs[::2]
    assert (by_place.genes_by, by_variance.genes_by) == ("sparkx", "variance")
    assert set(by_place.genes) != set(by_variance.genes)
    checked = data("check", "--tissue", "lung").stdout
    assert "genes by sparkx (2 graphs), variance (2 graphs)" in checked


def test_spatial_file_without_usable_coordinates_is_one_line(data, path, table):
    """No coordinates, three of them, or NaN are refused with what to supply."""
    spatial = ("--modality", "spatial")
    assert "put them in obsm['spatial']" in error(add(data, path, *spatial), DataError)
    assert add(data, path, *spatial, "--genes-by", "variance").exit_code == 0
    assert "obsm['spatial']" in error(add(data, path, "--genes-by", "sparkx", name="b"), DataError)
    table.obsm["spatial"] = np.zeros((132, 3))
    table.write_h5ad(path)
    assert "want (132, 2)" in error(add(data, path, *spatial, name="b"), DataError)
    table.obsm["spatial"] = np.full((132, 2), np.nan)
    table.write_h5ad(path)
    assert "132 of 132 spots are not finite" in error(add(data, path, *spatial, name="b"))


def test_donor_whose_spots_lie_in_one_place_is_left_out(data, path, table, tmp_path):
    """A section that cannot be tested is named in a warning, and the others are kept."""
    table.obsm["spatial"] = np.random.default_rng(1).uniform(0, 9, (132, 2))
    table.obsm["spatial"][(table.obs["donor"] == "a").to_numpy()] = 1
    table.write_h5ad(path)
    done = add(data, path, "--modality", "spatial", "--donor-key", "donor")
    assert "left out 'a': SPARK-X: all 60 spots have the same coordinates" in done.stderr
    assert load_task("lung", folder=tmp_path / "store").names == ("b",)


def test_simulated_data_of_other_sizes_are_marked(data, tmp_path):
    """`simulate` stores the sizes asked for, with truth, and `auto` does not take them for real."""
    sizes = ("--donors", 2, "--genes", 60, "--cells", 60, "--modality", "scrna")
    done = data("simulate", "--tissue", "liver", "--name", "tiny", *sizes)
    assert done.exit_code == 0, done.output
    task = load_task("liver", source="tiny", folder=tmp_path / "store")
    assert [graph.n_genes for graph in task] == [60, 60]
    assert all(graph.simulated and graph.truth is not None for graph in task)
    assert "yes" in data("list").stdout


def test_removed_data_set_is_gone(data, path):
    """After removal it is not listed; removing it again says what there is."""
    add(data, path)
    assert data("remove", "--tissue", "lung", "--name", "mine").exit_code == 0
    assert "nothing is stored" in data("list").stderr
    assert "it has none" in error(data("remove", "--tissue", "lung", "--name", "mine"), UsageError)


def test_damaged_card_does_not_hide_the_others(data, path, tmp_path):
    """`list` warns of a damaged data set and shows the rest."""
    add(data, path)
    add(data, path, name="broken")
    (tmp_path / "store" / "lung" / "broken" / "card.json").write_text("{")
    listed = data("list")
    assert "mine" in listed.stdout
    assert "card.json' is damaged" in listed.stderr


def test_unwritable_folder_is_one_line(path, tmp_path):
    """A data folder that is a file is refused in one line."""
    (tmp_path / "file").touch()
    words = ["add", "--tissue", "lung", "--name", "x", str(path), *map(str, FEW)]
    result = CliRunner().invoke(command, [*words, "--data-dir", str(tmp_path / "file")])
    assert "cannot write to" in error(result, StoreError)


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        (("--donor-key", "doner"), DataError, "has no column 'doner' of cells; it has 'donor'"),
        (("--gene-key", "ids"), DataError, "has no column 'ids' of genes; it has none"),
        (("--layer", "umi"), DataError, "has no layer 'umi'; it has none"),
        (("--min-genes", 200), DataError, "0 of 132 cells pass.*lower --min-genes"),
        (("--min-cells", 500), DataError, "lower --min-cells"),
        (("--min-donor-cells", 500), DataError, "has 132 cells, want 500"),
        (("--max-pct-mt", 0, "--max-genes", 2), DataError, "relax --min-genes, --max-genes"),
        (("--residuals", "analytical"), UsageError, "did you mean 'analytic'"),
        (("--name", "simulated"), UsageError, "kept for the suite's own"),
        (("--name", "auto"), UsageError, "kept for the suite's own"),
        (("--name", "../up"), UsageError, "data set name '../up' is not usable"),
        (("--tissue", "a b"), UsageError, "tissue name 'a b' is not usable"),
    ],
)
def test_request_that_does_not_fit_the_file_is_one_line(options, kind, words, data, path, tmp_path):
    """Every option that asks for what is not there gives one line, and nothing is stored."""
    assert re.search(words, error(add(data, path, *options), kind))
    assert not list((tmp_path / "store").rglob("*.npz"))


def half(table):
    table.X = table.X * 0.5


def missing(table):
    table.X.data[3] = np.nan


def negative(table):
    table.X.data[3] = -1


def empty(table):
    table.X = sparse.csr_matrix(table.shape)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (half, "want non-negative integers"),
        (missing, "has the value nan"),
        (negative, "has the value -1"),
        (empty, "all counts are zero"),
    ],
)
def test_file_that_holds_no_counts_is_one_line(harm, words, data, path, table):
    """Fractions, NaN, negative numbers and zeros are refused."""
    harm(table)
    table.write_h5ad(path)
    assert words in error(add(data, path), DataError)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.h5ad", b"text", "cannot be read as h5ad"),
        ("t.h5", b"text", "cannot be read as 10x h5"),
        ("t.loom", b"text", "loom"),
        ("t.csv", b"cell,G1\nc1,high\n", "no column holds numbers, only text such as 'G1'"),
        ("t.csv", b"", "cannot be read as csv"),
        ("t.rds", b"", "the suffix of no known format"),
        ("t.h5ad", None, "does not exist"),
    ],
)
def test_file_that_is_not_what_it_says_is_one_line(name, content, words, data, tmp_path):
    """Wrong, empty, unknown and absent files are refused naming the file."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    said = error(add(data, tmp_path / name), DataError)
    assert words in said
    assert name in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--tissue", "lnug"), "did you mean 'lung'"),
        (("check", "--tissue", "lung", "--source", "mne"), "did you mean 'mine'"),
        (("simulate", "--tissue", "lnug", "--name", "x"), "did you mean 'lung'"),
        (("simulate", "--tissue", "lung", "--name", "mine"), "use --force"),
        (("simulate", "--tissue", "lung", "--name", "x", "--donors", 0), "donors is 0"),
        (("simulate", "--tissue", "lung", "--name", "simulated"), "kept for the suite's own"),
    ],
)
def test_unknown_names_and_sizes_are_usage_errors(words, said, data, path):
    """Misspelt tissues and data sets offer the nearest; sizes out of range say the range."""
    add(data, path)
    assert said in error(data(*words), UsageError)
