"""Which data sets make a task, how it is described, and when it cannot be used."""

import csv
import json
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from types import SimpleNamespace

import numpy as np
import pytest
from places import ROOT
from scipy import sparse

from genearena.data import datasets
from genearena.data.cards.stored_card import Origin
from genearena.data.cards.tissues import TISSUES
from genearena.data.common import registry
from genearena.data.common.errors import DataError, UsageError
from genearena.data.datasets import DATASETS
from genearena.data.graphs import GraphCollection
from genearena.data.store import Store
from genearena.data.tasks import check_task, find_task, known_tissues, load_task


@pytest.fixture
def folder(tmp_path, make_graph):
    """Two real data sets and a simulated one of the lung, one of a tissue of the user's own."""
    store = Store(tmp_path)
    for name, graphs in {
        "beta": [make_graph("d1"), make_graph("d2", seed=1)],
        "alpha": [make_graph("d1", seed=2)],
        "sim": [make_graph("s1", seed=3, simulated=True)],
    }.items():
        store.add("lung", name, graphs, Origin())
    store.add("tongue", "mine", [make_graph("t1", tissue="tongue")], Origin())
    return tmp_path


@pytest.mark.parametrize(
    ("source", "name", "graphs"),
    [
        ("auto", "alpha+beta", ("alpha/d1", "beta/d1", "beta/d2")),
        ("beta", "beta", ("d1", "d2")),
        ("sim, beta", "beta+sim", ("d1", "d2", "s1")),
        ("beta+alpha", "alpha+beta", ("alpha/d1", "beta/d1", "beta/d2")),
        ("beta,beta", "beta", ("d1", "d2")),
    ],
)
def test_sources_are_joined_in_order_of_name(source, name, graphs, folder):
    """`auto` takes all real data sets; graphs get the data set's name where two are alike."""
    task = load_task("lung", source=source, folder=folder)
    assert (task.source, task.names) == (name, graphs)


@pytest.mark.parametrize("source", ["auto", "beta", "sim,beta"])
def test_card_agrees_with_the_loaded_task(source, folder):
    """Everything the card says without loading is true of the task, and its source finds it."""
    card = find_task("lung", source=source, folder=folder)
    task = load_task("lung", source=card.source, folder=folder)
    assert card.fingerprint == task.fingerprint
    assert (card.source, card.simulated) == (task.source, task.simulated)
    assert (card.n_graphs, card.n_rows) == (len(task), task.n_rows)
    assert card.min_genes == min(graph.n_genes for graph in task)
    assert card.min_cells == min(graph.n_cells for graph in task)
    assert card.n_common == len(task.common_genes)


def test_card_needs_no_arrays(folder):
    """The card is found even where the graphs' files are gone."""
    for path in folder.rglob("*.npz"):
        path.unlink()
    assert find_task("lung", folder=folder).n_graphs == 3


def test_fingerprint_tells_tasks_apart(folder):
    """Another choice of data sets is another task."""
    prints = {
        find_task("lung", source=s, folder=folder).fingerprint for s in ("auto", "beta", "sim")
    }
    assert len(prints) == 3


def test_simulated_task_is_made_once_and_again_by_another_simulator(tmp_path, monkeypatch):
    """First use simulates and stores, later use reads; another version of the simulator remakes."""
    first = find_task("liver", folder=tmp_path)
    assert (first.source, first.simulated) == ("simulated", True)
    assert first.n_graphs == 3
    check_task(first, 32)
    path = tmp_path / "liver" / "simulated" / "card.json"
    before = path.stat().st_mtime_ns
    task = load_task("liver", source="simulated", folder=tmp_path)
    assert task.fingerprint == first.fingerprint
    assert all(graph.truth is not None for graph in task)
    assert path.stat().st_mtime_ns == before
    monkeypatch.setattr("genearena.data.options.SIMULATOR", 99)
    assert find_task("liver", folder=tmp_path).fingerprint == first.fingerprint
    assert path.stat().st_mtime_ns > before


@pytest.mark.parametrize(
    ("tissue", "source", "atlas"),
    [("thymus", "simulated-scrna", "leaderboard"), ("cerebrum", "simulated", "multimodal")],
)
def test_committed_tables_are_about_the_embedded_tasks(tissue, source, atlas, tmp_path):
    """Where this fails the data have changed: raise `SIMULATOR` and run the atlases anew."""
    with (ROOT / "results" / atlas / "leaderboard.csv").open(newline="") as table:
        committed = {row["fingerprint"] for row in csv.DictReader(table) if row["tissue"] == tissue}
    assert committed == {find_task(tissue, source=source, folder=tmp_path).fingerprint}


def test_the_scrna_donors_of_the_simulated_task_are_a_task(tmp_path):
    """They are the same cells as in the task with all techniques, under a name of its own."""
    all_of_them = load_task("thymus", source="simulated", folder=tmp_path)
    scrna = load_task("thymus", source="simulated-scrna", folder=tmp_path)
    assert scrna.names == tuple(g.name for g in all_of_them if g.modality == "scrna")
    assert len(scrna) < len(all_of_them)
    for graph in scrna:
        whole = next(g for g in all_of_them if g.name == graph.name)
        assert graph.genes == whole.genes
        assert (graph.adjacency != whole.adjacency).nnz == 0


def test_simulated_task_is_made_again_where_defaults_differ(tmp_path, monkeypatch):
    """Data simulated under other defaults of the same version are not mistaken for today's."""
    first = find_task("liver", folder=tmp_path)
    path = tmp_path / "liver" / "simulated" / "card.json"
    card = json.loads(path.read_text())
    assert card["origin"]["parameters"]["build"]["residuals"] == "sctransform"
    card["origin"]["parameters"]["build"]["residuals"] = "analytic"
    path.write_text(json.dumps(card))
    assert find_task("liver", folder=tmp_path).fingerprint == first.fingerprint
    assert json.loads(path.read_text())["origin"]["parameters"]["build"]["residuals"] != "analytic"
    spec = replace(TISSUES["liver"], donors=2)
    monkeypatch.setattr("genearena.data.cards.tissues.TISSUES", {"liver": spec})
    assert find_task("liver", folder=tmp_path).n_graphs == 2


def test_tissue_of_the_users_own_is_known_once_it_has_data(folder):
    """A tissue outside the catalogue works with stored data and is offered when misspelt."""
    assert load_task("tongue", folder=folder).names == ("t1",)
    with pytest.raises(UsageError, match="did you mean 'tongue'"):
        find_task("tounge", folder=folder)
    with pytest.raises(UsageError, match="unknown tissue 'tongue'"):
        find_task("tongue", source="simulated", folder=folder)


@pytest.mark.parametrize(
    ("tissue", "source", "words"),
    [
        ("lungs", "auto", "unknown tissue 'lungs'; did you mean 'lung'"),
        ("qqq", "auto", "choose from heart, lung"),
        ("../lung", "auto", "unknown tissue"),
        ("lung", "bta", "unknown lung data set 'bta'; did you mean 'beta'"),
        ("lung", "../tongue/mine", "not usable"),
        ("lung", "beta,,sim", "not usable"),
    ],
)
def test_unknown_names_are_refused(tissue, source, words, folder):
    """Names that are not stored are answered with the nearest, and paths are no names."""
    with pytest.raises(UsageError, match=words):
        find_task(tissue, source=source, folder=folder)


def collection(*graphs):
    return GraphCollection("lung", "mine", graphs)


def test_usable_task_passes(make_graph):
    """Two graphs with more cells and genes than dimensions are fine."""
    check_task(collection(make_graph("a"), make_graph("b", seed=1)), 19)


def test_two_species_need_no_gene_of_one_name(make_graph):
    """Graphs of one species do, whatever those of the other are called."""
    a, b = make_graph("a"), make_graph("b", seed=1)
    mouse = replace(b, species="mouse", genes=tuple(f"X{i}" for i in range(20)))
    check_task(collection(a, mouse), 4)
    other = replace(b, name="c", species="mouse")
    with pytest.raises(DataError, match="no gene of graph 'c' is in all graphs"):
        check_task(collection(a, mouse, other), 4)


def test_unusable_tasks_say_why(make_graph):
    """One graph, no edges, too few genes or cells, nothing in common: each names the graph."""
    a, b = make_graph("a"), make_graph("b", seed=1)
    bare = a.with_adjacency(sparse.csr_array(a.adjacency.shape, dtype=np.int8))
    short = replace(b, x=b.x[:, :15], counts=None)
    strange = replace(b, genes=tuple(f"X{i}" for i in range(20)))
    for task, dim, words in (
        (collection(a), 4, "has one graph, 'a'"),
        (collection(b, bare), 4, "graph 'a' has no edges.*--alpha"),
        (collection(a, b), 20, "graph 'a' has 20 genes.*lower --dim to 19"),
        (collection(a, short), 15, "graph 'b' has 15 cells.*lower --dim to 14"),
        (collection(a, strange), 4, "no gene of graph 'b' is in all graphs before it"),
    ):
        with pytest.raises(DataError, match=words):
            check_task(task, dim)


def test_card_is_refused_like_its_task(folder):
    """The check of a card needs no arrays and says the same."""
    for task in (
        find_task("lung", source="alpha", folder=folder),
        load_task("lung", source="alpha", folder=folder),
    ):
        with pytest.raises(DataError, match=r"task 'lung \(alpha\)': it has one graph"):
            check_task(task, 4)


def test_several_tissues_are_one_task(folder, make_graph):
    """In order of name, of each the data that it has; names tell graphs apart where alike."""
    task = load_task("tongue+lung", source="mine,beta", folder=folder)
    assert (task.tissue, task.source) == ("lung+tongue", "beta+mine")
    assert task.names == ("d1", "d2", "t1")
    assert task.groups == ("scrna_lung", "scrna_tongue")
    card = find_task("lung+tongue", source=task.source, folder=folder)
    assert card.fingerprint == task.fingerprint
    auto = load_task("lung+tongue", folder=folder)
    assert auto.names == ("lung/alpha/d1", "lung/beta/d1", "lung/beta/d2", "tongue/mine/t1")
    Store(folder).add("tongue", "beta", [make_graph("d1", tissue="tongue")], Origin())
    both = load_task("lung+tongue", source="beta", folder=folder)
    assert both.names == ("lung/beta/d1", "lung/beta/d2", "tongue/beta/d1")
    assert load_task("lung+lung", source="beta", folder=folder).tissue == "lung"


def test_a_tissue_of_several_without_its_data_is_said(folder, make_graph):
    """As if it were alone; data that only one of them takes are no task that can be named."""
    with pytest.raises(UsageError, match="unknown tissue 'tong'; did you mean 'tongue'"):
        find_task("lung+tong", folder=folder)
    with pytest.raises(UsageError, match="unknown tongue data set 'beta'"):
        find_task("lung+tongue", source="beta", folder=folder)
    Store(folder).add("tongue", "sim", [make_graph("s2", tissue="tongue")], Origin())
    with pytest.raises(UsageError, match="lung also has data called 'sim', and lung"):
        find_task("lung+tongue", folder=folder)


@pytest.fixture
def plugin(monkeypatch, make_graph):
    """Return a function that stands for a plugin's package: its version, and what its data are."""
    made = []

    def install(version="1", name="tongue.shipped", **changes):
        point = EntryPoint(name, "shipping:graphs", DATASETS.group)
        vars(point)["dist"] = SimpleNamespace(name="shipping")
        monkeypatch.setattr(registry, "installed", lambda: EntryPoints([point]))
        monkeypatch.setattr(datasets, "version", lambda package: version)
        vars(DATASETS).pop("_found", None)

        def graphs():
            made.append(version)
            graphs = [make_graph(d, seed=len(made), tissue="tongue") for d in ("d1", "d2")]
            return replace(GraphCollection("tongue", "shipped", tuple(graphs)), **changes)

        monkeypatch.setitem(sys.modules, "shipping", SimpleNamespace(graphs=graphs))
        return made

    yield install
    vars(DATASETS).pop("_found", None)


def test_data_of_a_plugin_are_made_once_a_version(plugin, tmp_path):
    """They are stored as others are, and what is stored of them outlives the plugin."""
    made = plugin()
    first = find_task("tongue", folder=tmp_path)
    assert (first.source, first.n_graphs, made) == ("shipped", 2, ["1"])
    assert find_task("tongue", source="shipped", folder=tmp_path) == first
    assert "tongue" in known_tissues(Store(tmp_path))
    assert made == ["1"]
    plugin("2")
    second = find_task("tongue", folder=tmp_path)
    assert made == ["1", "2"]
    assert second.fingerprint != first.fingerprint
    plugin(name="ear.other")
    assert find_task("tongue", folder=tmp_path).fingerprint == second.fingerprint


def test_what_the_user_stored_under_a_plugins_name_stays(plugin, tmp_path, make_graph):
    """The plugin is not even asked."""
    Store(tmp_path).add("tongue", "shipped", [make_graph("own", tissue="tongue")], Origin())
    assert plugin() == []
    assert find_task("tongue", folder=tmp_path).graphs[0].name == "own"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": "else"}, "made tissue and name 'tongue.else', want 'tongue.shipped'"),
        ({"graphs": ()}, "cannot make its data set 'tongue.shipped': task 'tongue' has no graphs"),
    ],
)
def test_a_plugin_that_makes_other_data_is_refused(plugin, changes, words, tmp_path):
    """With its package, and with nothing stored."""
    plugin(**changes)
    with pytest.raises(DataError, match=f"shipping.*{words}"):
        find_task("tongue", folder=tmp_path)
    assert Store(tmp_path).sources() == ()


@pytest.mark.parametrize("name", ["tongue", "tongue.auto", ".x", "a/b.c"])
def test_a_plugin_of_no_tissue_is_left_out_with_a_reason(plugin, name):
    """`bench list tissues` prints it."""
    plugin(name=name)
    assert DATASETS.names == ()
    assert "is not of the form TISSUE.NAME" in DATASETS.refused[name]
