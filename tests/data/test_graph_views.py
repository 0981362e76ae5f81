"""What a method may see of a graph: what it declares, and nothing that leads elsewhere."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from genearena.data.common.errors import MethodError
from genearena.data.graph_views import PART_OF, view
from genearena.methods.example import example_graphs

GRAPHS = example_graphs()
ALL = frozenset(PART_OF.values())


@pytest.mark.parametrize("attribute", PART_OF)
def test_what_is_not_declared_raises_and_what_is_can_be_read(attribute):
    """The message names reader, attribute, declaration, and what to add."""
    part = PART_OF[attribute]
    hidden = view(GRAPHS, ALL - {part}, "mine")[0]
    others = ", ".join(map(repr, sorted(ALL - {part})))
    with pytest.raises(MethodError) as caught:
        getattr(hidden, attribute)
    assert str(caught.value) == (
        f"'mine' reads the {attribute} of a graph but declares needs = {{{others}}}; add '{part}'"
    )
    read, own = (getattr(g[0], attribute) for g in (view(GRAPHS, {part}, "mine"), GRAPHS))
    assert np.array_equal(
        *(np.asarray(v.todense() if hasattr(v, "nnz") else v) for v in (read, own))
    )


def test_names_and_sizes_are_open_to_all():
    """A method that declares nothing still knows what it has to embed."""
    bare = view(GRAPHS, (), "mine")
    for ours, theirs in zip(bare, GRAPHS, strict=True):
        for attribute in ("name", "genes", "n_genes", "n_cells", "group", "species", "index"):
            assert getattr(ours, attribute) == getattr(theirs, attribute)
    assert (bare.common_genes, bare.n_rows) == (GRAPHS.common_genes, GRAPHS.n_rows)


def test_what_is_withheld_is_not_there():
    """Neither by detours nor through what was derived from it."""
    whole = example_graphs()
    assert whole.fingerprint  # kept by the graphs from now on, as are
    assert whole[0].edges.size
    bare = view(whole, (), "mine")[0]
    assert not object.__getattribute__(bare, "x").any()
    assert object.__getattribute__(bare, "adjacency").nnz == 0
    assert {vars(bare)["counts"], vars(bare)["truth"]} == {None}
    assert not {"edges", "digest"} & vars(bare).keys()


def test_digests_are_those_of_what_can_be_read():
    """Two tasks that show a method the same have one fingerprint for it."""
    edited = GRAPHS.with_graphs([g.with_adjacency(0 * g.adjacency) for g in GRAPHS])
    seen = [view(graphs, {"expression"}, "mine").fingerprint for graphs in (GRAPHS, edited)]
    assert seen[0] == seen[1] != GRAPHS.fingerprint
    assert view(GRAPHS, ALL, "mine").fingerprint == GRAPHS.fingerprint
    assert view(edited, ALL, "mine").fingerprint == edited.fingerprint


def test_attributes_that_a_method_sets_stay_with_its_view():
    """Those of the graph, of its sparse matrices, and what is kept once computed."""
    given, again = view(GRAPHS, ALL, "mine"), view(GRAPHS, ALL, "mine")
    for graph in given:
        graph.index.clear()
        graph.adjacency.data = graph.counts.data = np.zeros(1)
        for name in ("x", "edges", "truth", "digest", "genes"):
            object.__setattr__(graph, name, None)
    for graph, untouched in zip(again, GRAPHS, strict=True):
        assert graph.digest == untouched.digest
        assert graph.index.keys() == set(untouched.genes)
        assert np.array_equal(graph.edges, untouched.edges)


def test_views_stay_views():
    """Pickled, and under other edges."""
    mine = view(GRAPHS, {"graph"}, "mine")[0]
    fewer = mine.with_adjacency(0 * mine.adjacency)
    assert (fewer.n_edges, fewer.n_cells) == (0, mine.n_cells)
    for derived in (fewer, pickle.loads(pickle.dumps(mine))):
        with pytest.raises(MethodError, match="reads the x of a graph"):
            _ = derived.x


def test_the_replicate_is_nobody_s_to_read():
    """Whatever a method declares: metrics compare with it."""
    split = [replace(graph, replicate=graph.adjacency) for graph in GRAPHS]
    for needs in ((), ALL):
        seen = view(GRAPHS.with_graphs(split), needs, "mine")[0]
        with pytest.raises(MethodError, match="'mine' reads the replicate of a graph"):
            _ = seen.replicate
        assert vars(seen)["replicate"] is None


def test_the_condition_is_nobody_s_to_read():
    """It is what a contrast exchanges between donors."""
    told = [replace(graph, condition="ill", donor="d") for graph in GRAPHS]
    seen = view(GRAPHS.with_graphs(told), ALL, "mine")[0]
    with pytest.raises(MethodError, match="'mine' reads the condition of a graph"):
        _ = seen.condition
    assert vars(seen)["condition"] == ""
    assert seen.donor == "d"
