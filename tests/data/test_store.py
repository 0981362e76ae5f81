"""Graphs come back from the store as they went in; a failure leaves what was there."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from genearena.data import store as store_module
from genearena.data.cards.stored_card import Origin
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.graph_digest import graph_digest
from genearena.data.graph_files import write_graph
from genearena.data.graphs import GraphCollection
from genearena.data.store import Store, default_folder


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "tasks")


@pytest.fixture(scope="module")
def graphs(make_graph):
    return (make_graph("d1"), make_graph("d 2/ü", seed=1, simulated=True, cells=70))


@pytest.fixture(scope="module")
def others(make_graph):
    return (make_graph("e1", seed=5),)


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_graphs_survive_a_round_trip(store, graphs):
    """All parts, and so the fingerprint, are the same after storing and loading."""
    card = store.add("lung", "mine", graphs, Origin(file="a.h5ad"))
    back = store.graphs(store.card("lung", "mine"))
    for old, new in zip(graphs, back, strict=True):
        assert (old.name, old.genes, old.simulated) == (new.name, new.genes, new.simulated)
        np.testing.assert_array_equal(old.x, new.x)
        np.testing.assert_array_equal(old.adjacency.toarray(), new.adjacency.toarray())
        np.testing.assert_array_equal(old.counts.toarray(), new.counts.toarray())
    np.testing.assert_array_equal(graphs[1].truth, back[1].truth)
    assert back[0].truth is None
    want = GraphCollection("lung", "mine", graphs).fingerprint
    assert card.fingerprint == want
    assert GraphCollection("lung", "mine", back).fingerprint == want


@pytest.fixture
def former(store, graphs):
    """The place of a data set as versions up to 0.2.0 stored it, with digests of all digits."""
    card = store.add("lung", "former", graphs, Origin(file="a.h5ad"))
    place = store.folder / "lung" / "former"
    exact = [graph_digest(graph, exact=True) for graph in graphs]
    parts = zip(card.graphs, exact, strict=True)
    old = card.model_copy(
        update={
            "schema_version": 1,
            "fingerprint": "f" * 64,
            "graphs": tuple(g.model_copy(update={"digest": digest}) for g, digest in parts),
        }
    )
    (place / "card.json").write_text(old.model_dump_json())
    (place / "card.md").write_text("as it was")
    return place


def test_data_of_former_versions_get_a_digest_of_today(store, graphs, former):
    """Once: the card is written anew, and graphs and their origin stay."""
    want = GraphCollection("lung", "former", graphs).fingerprint
    card = store.card("lung", "former")
    assert (card.fingerprint, card.origin.file) == (want, "a.h5ad")
    assert GraphCollection("lung", "former", store.graphs(card)).fingerprint == want
    kept = files(former)
    assert want in (former / "card.md").read_text()
    assert (store.card("lung", "former"), files(former)) == (card, kept)
    assert json.loads((former / "card.json").read_text())["schema_version"] == 2


def test_data_of_former_versions_that_cannot_be_written_are_read(
    store, graphs, former, monkeypatch
):
    """As on a shared disk that is not one's own."""
    before = files(former)

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(store_module.tempfile, "TemporaryDirectory", refuse)
    card = store.card("lung", "former")
    assert card.fingerprint == GraphCollection("lung", "former", graphs).fingerprint
    assert len(store.graphs(card)) == len(graphs)
    assert files(former) == before


def test_data_of_former_versions_that_were_changed_are_refused(store, graphs, former):
    """By the digits they were stored with, the last one included."""
    (folder,) = (path for path in former.iterdir() if path.is_dir())
    x = graphs[0].x.copy()
    x[3, 4] = np.nextafter(x[3, 4], np.float32(np.inf))
    write_graph(folder / "000.npz", replace(graphs[0], x=x))
    with pytest.raises(StoreError, match="not what was stored"):
        store.card("lung", "former")


def test_card_describes_the_graphs(store, graphs):
    """Sizes, edges, density and isolated genes are those of the graphs."""
    card = store.add("lung", "mine", graphs, Origin())
    for graph, about in zip(graphs, card.graphs, strict=True):
        degree = graph.adjacency.toarray().sum(axis=0)
        assert (about.n_genes, about.n_cells) == graph.x.shape
        assert about.n_edges == degree.sum() / 2
        assert about.n_isolated == (degree == 0).sum()
        assert about.density == pytest.approx(degree.sum() / (20 * 19))


def test_conditions_are_kept_and_change_no_fingerprint(store, graphs):
    """What runs are compared by is what methods can read; older cards say nothing of them."""
    plain = store.add("lung", "plain", graphs, Origin())
    told = [replace(g, condition="ill", donor=f"d{i}") for i, g in enumerate(graphs)]
    card = store.add("lung", "told", told, Origin())
    assert [graph.digest for graph in card.graphs] == [graph.digest for graph in plain.graphs]
    assert {graph.condition for graph in store.graphs(card)} == {"ill"}
    assert [graph.donor for graph in store.graphs(card)] == [g.donor for g in told]
    assert "- Conditions: ill" in store.text(card)
    written = json.loads((store.folder / "lung" / "plain" / "card.json").read_text())
    for graph in written["graphs"]:
        del graph["condition"], graph["donor"]
    (store.folder / "lung" / "plain" / "card.json").write_text(json.dumps(written))
    assert store.card("lung", "plain") == plain


def test_failure_while_writing_leaves_the_earlier_content(store, graphs, others, monkeypatch):
    """A disk that fills up during a replacement leaves the old data set whole."""
    store.add("lung", "mine", graphs, Origin())
    before = files(store.folder)

    def full(path, graph):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_module, "write_graph", full)
    with pytest.raises(StoreError, match=r"No space left on device.*--data-dir"):
        store.add("lung", "mine", others, Origin(), replace=True)
    with pytest.raises(StoreError):
        store.add("lung", "new", others, Origin())
    assert files(store.folder) == before
    assert store.sources() == (("lung", "mine"),)


def test_interruption_before_the_card_leaves_the_earlier_content(
    store, graphs, others, monkeypatch
):
    """Stopped just before the card is put in place, the old data set still loads."""
    store.add("lung", "mine", graphs, Origin())

    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.add("lung", "mine", others, Origin(), replace=True)
    assert [graph.name for graph in store.graphs(store.card("lung", "mine"))] == ["d1", "d 2/ü"]
    store.add("lung", "mine", others, Origin(), replace=True)
    assert [graph.name for graph in store.graphs(store.card("lung", "mine"))] == ["e1"]


def test_replacement_removes_the_old_files(store, graphs, others):
    """After a replacement only the new data set's files are left."""
    store.add("lung", "mine", graphs, Origin())
    store.add("lung", "mine", others, Origin(), replace=True)
    assert sorted(p.name for p in files(store.folder)) == ["000.npz", "card.json", "card.md"]


def test_first_of_two_wins(store, graphs, others):
    """Without `replace`, what is stored already is kept and its card returned."""
    first = store.add("lung", "mine", graphs, Origin())
    assert store.add("lung", "mine", others, Origin()) == first
    assert len(store.graphs(store.card("lung", "mine"))) == 2


def test_simultaneous_adds_leave_one_whole_data_set(store, graphs):
    """Several writers of the same data set at once leave it loadable, and no scraps."""
    with ThreadPoolExecutor(8) as pool:
        cards = list(pool.map(lambda _: store.add("lung", "mine", graphs, Origin()), range(16)))
    assert len({card.fingerprint for card in cards}) == 1
    assert len(store.graphs(store.card("lung", "mine"))) == 2
    assert sorted(p.name for p in files(store.folder)) == [
        *("000.npz", "001.npz"),
        *("card.json", "card.md"),
    ]


@pytest.mark.parametrize("harm", ["cut", "delete", "swap", "garbage"])
def test_damaged_graph_file_is_named(harm, store, graphs):
    """A file cut short, deleted, exchanged or overwritten is an error that names it."""
    card = store.add("lung", "mine", graphs, Origin())
    path = store.folder / "lung" / "mine" / card.folder / "000.npz"
    content = path.read_bytes()
    other = path.with_name("001.npz").read_bytes()
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes({"cut": content[:900], "swap": other, "garbage": b"x" * 99}[harm])
    with pytest.raises(StoreError, match=r"000\.npz' is .*add its data again") as caught:
        store.graphs(card)
    assert "\n" not in str(caught.value)


def test_adding_again_mends_a_damaged_file(store, graphs):
    """Storing the same graphs with `replace` puts whole files in place of damaged ones."""
    card = store.add("lung", "mine", graphs, Origin())
    path = store.folder / "lung" / "mine" / card.folder / "000.npz"
    path.write_bytes(b"x")
    assert len(store.graphs(store.add("lung", "mine", graphs, Origin(), replace=True))) == 2


@pytest.mark.parametrize("text", ["", "{", '{"tissue": "lung"}', "[]"])
def test_damaged_card_is_named(text, store, graphs):
    """A card that is no card is an error that names it, and the data set can be removed."""
    store.add("lung", "mine", graphs, Origin())
    (store.folder / "lung" / "mine" / "card.json").write_text(text)
    with pytest.raises(StoreError, match=r"card\.json' is damaged") as caught:
        store.card("lung", "mine")
    assert "\n" not in str(caught.value)
    store.remove("lung", "mine")
    assert store.sources() == ()


def test_folder_that_cannot_be_written_is_named(tmp_path, graphs):
    """A file where the folder should be gives one line with the folder and what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot write to '.*file/tasks'.*--data-dir"):
        Store(tmp_path / "file" / "tasks").add("lung", "mine", graphs, Origin())


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/b", "a\\b", ".new-1", "-x", "ü", "a" * 65]
)
def test_names_cannot_leave_the_folder(name, store, graphs):
    """Names that are paths, hidden or too long are refused."""
    with pytest.raises(UsageError, match="is not usable"):
        store.add("lung", name, graphs, Origin())
    with pytest.raises(UsageError, match="is not usable"):
        store.add(name, "mine", graphs, Origin())


def test_removal_leaves_other_data_sets(store, graphs, others):
    """Only the data set named is deleted."""
    store.add("lung", "one", graphs, Origin())
    store.add("lung", "two", others, Origin())
    store.remove("lung", "one")
    assert store.sources() == (("lung", "two"),)


def test_tests_keep_off_the_user_s_data(monkeypatch):
    """What an earlier version left there once failed a test of this one."""
    ours = default_folder()
    monkeypatch.delenv("GENEARENA_DATA")
    assert not ours.is_relative_to(default_folder().parent)


def test_folder_is_set_by_the_environment(monkeypatch, tmp_path):
    """``GENEARENA_DATA`` moves the default folder."""
    monkeypatch.setenv("GENEARENA_DATA", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("GENEARENA_DATA")
    assert default_folder().name == "tasks"
    assert "genearena" in str(default_folder())
