"""Data sets that hardly share genes: a warning first, and no metric that would be noise."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.data.group import command as data_command
from genearena.benchmark.commands.run import command as run_command
from genearena.data.cards.stored_card import Origin
from genearena.data.graphs import FEWEST_COMMON
from genearena.data.store import Store
from genearena.data.tasks import find_task, task_warnings
from genearena.metrics.base import NotDefined
from genearena.metrics.example import example_graphs, random_space
from genearena.metrics.registry import METRICS

COMMON = ("asw", "graph_connectivity", "ilisi", "retrieval")
SHARED = ("cgr", "neighbour_overlap")


def lacking(graphs):
    """Return metric -> why random vectors on these graphs do not have it."""
    space, found = random_space(graphs), {}
    for name in (*COMMON, *SHARED):
        try:
            METRICS.load(name)(space)
        except NotDefined as reason:
            found[name] = str(reason)
    return found


@pytest.mark.parametrize("n_common", [1, FEWEST_COMMON - 1, FEWEST_COMMON])
def test_metrics_need_as_many_common_genes_as_stated(n_common):
    """Below the number none of them has a value; from it on all have one."""
    found = lacking(example_graphs(n_common=n_common))
    assert set(found) == (set() if n_common >= FEWEST_COMMON else {*COMMON, *SHARED})
    assert all(reason.endswith(f"want {FEWEST_COMMON} or more") for reason in found.values())


def test_genes_of_two_data_sets_are_enough_where_pairs_are_compared():
    """CGR and NO compare data sets by twos: genes that a third lacks count for them."""
    first, second, _ = example_graphs(n_common=40)
    third = example_graphs(n_common=1)[2]
    graphs = example_graphs().with_graphs([first, second, third])
    assert set(lacking(graphs)) == set(COMMON)


def test_vectors_for_too_few_common_genes_leave_nothing_to_judge():
    """A method may leave half of the fewest common genes out; with more it hears why not."""
    space = random_space()
    vectors = tuple(z.copy() for z in space.vectors)
    for z in vectors:
        z[:20] = 0
    for name in ("asw", "graph_connectivity", "ilisi"):
        METRICS.load(name)(replace(space, vectors=vectors))
    vectors[0][20] = 0
    for name in ("asw", "graph_connectivity", "ilisi"):
        with pytest.raises(NotDefined, match="14 of the 75 rows of common genes have a vector"):
            METRICS.load(name)(replace(space, vectors=vectors))


@pytest.fixture
def folder(tmp_path):
    """Two data sets of three genes in common, and two of forty."""
    store = Store(tmp_path / "data")
    for tissue, n_common in (("few", 3), ("many", 40)):
        example = example_graphs(2, n_common)
        graphs = [replace(g, tissue=tissue, simulated=False, truth=None) for g in example]
        store.add(tissue, "mine", graphs, Origin())
    return store.folder


def test_warned_of_before_anything_runs(folder, tmp_path):
    """`data check` and `run` say it in one line for the tissue it is true of."""
    line = (
        "Warning: few (mine): 3 genes are in every data set, ASW, GC, iLISI and MRR need 10 and "
        "are not defined; 3 genes are in two data sets or more, CGR and NO need 10 and are "
        "not defined"
    )
    common = ["--data-dir", str(folder)]
    checked = CliRunner().invoke(data_command, ["check", "--tissue", "few", *common])
    assert checked.stderr.replace("\n", " ").count(line) == 1
    asked = ["--tissue", "few,many", "--methods", "random", "--dim", "2", "--dry-run", *common]
    planned = CliRunner().invoke(run_command, [*asked, "--out", str(tmp_path / "out")])
    assert planned.exit_code == 0, planned.output
    assert [text for text in planned.stderr.splitlines() if "every data set" in text] == [
        f"{line}; choose data sets with --source, or add more --genes"
    ]


def test_no_warning_where_enough_are_shared(folder):
    """Forty genes in both data sets are nothing to warn of."""
    assert task_warnings(find_task("many", folder=folder)) == ()
