"""What a method does to its graphs or to libraries reaches no other method's numbers."""

import io
from concurrent.futures import ThreadPoolExecutor

import anndata
import pytest

from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished
from genearena.benchmark.run.workers.supervise import Supervisor

MODULE = "corrupting_neighbours"
WRITERS = (
    "CentresWithTorch", "UnlocksProfiles", "WritesEdgeWeights", "WritesNeighbours", "WritesEdges",
    "WritesCounts", "WritesTruth",
)  # fmt: skip
PATCHERS = (
    "PatchesLibraries", "PatchesBuiltins", "PatchesWhatTheSuiteNeeds", "TurnsWarningsIntoErrors",
)  # fmt: skip
LIARS = {
    "ReadsEdges": "reads the adjacency of a graph but declares needs = {'expression'}; add 'graph'",
    "ReadsTruth": "reads the truth of a graph but declares needs = {'expression'}; add 'truth'",
    "SkipsByTruth": "reads the truth of a graph but declares needs = {'expression'}; add 'truth'",
}
NEIGHBOURS = (*WRITERS, *PATCHERS, *LIARS, "SetsAttributes")
# they read all parts of a graph: profiles, counts, edges (one training without some), truth
HEALTHY = ("pca", "expression_mean", "gene2vec", "truth")
METRICS = ("edge_auc", "new_donor", "cgr", "programme_recovery")


def carried_out(jobs):
    """Return the outcomes of jobs that one worker does one after another."""
    worker = Supervisor(Resources())
    events = [event for job in jobs for event in worker.run(job)]
    worker.stop()
    ends = [event for event in events if isinstance(event, Finished)]
    assert {end.attempts for end in ends} == {1}
    return [end.outcome for end in ends]


@pytest.fixture(scope="module")
def jobs_of(make_jobs):
    """Return a maker of the jobs of several methods."""

    def made(*methods, seeds=(0,)):
        # of a neighbour only the training matters: to warm up metrics takes each process longest
        metrics = {name: ("edge_auc", "new_donor") for name in methods if name not in HEALTHY}
        return [
            job
            for name in methods
            for job in make_jobs(name, seeds=seeds, metrics=metrics.get(name, METRICS))
        ]

    return made


@pytest.fixture(scope="module")
def one_after_another(jobs_of):
    """Return a way to run methods one after another in one worker; gives their outcomes."""
    return lambda *methods, **options: carried_out(jobs_of(*methods, **options))


@pytest.fixture(scope="module")
def alone(one_after_another):
    """Run the healthy methods without any neighbour."""
    return one_after_another(*HEALTHY)


@pytest.fixture(scope="module")
def in_company(jobs_of):
    """Run them behind three neighbours at a time, in two workers; gives its end and theirs."""
    groups = [NEIGHBOURS[first::5] for first in range(5)]
    # plugins are looked at by one process at a time
    jobs = [jobs_of(*(f"{MODULE}:{name}" for name in names), *HEALTHY) for names in groups]

    def visited(names, mine):
        ends = carried_out(mine)
        return {name: (end, ends[len(names) :]) for name, end in zip(names, ends, strict=False)}

    found = {}
    with ThreadPoolExecutor(2) as threads:
        for some in threads.map(visited, groups, jobs):
            found |= some
    return found


def content(outcome):
    """Return the bits of a run's vectors, those without hidden edges too, and its scores."""
    kept = anndata.read_h5ad(io.BytesIO(outcome.embedding))
    vectors = {"X": kept.X, **kept.obsm}
    values = {name: (m.status, m.value, m.flag) for name, m in outcome.metrics.items()}
    return {name: z.tobytes() for name, z in vectors.items()}, values


@pytest.mark.slow
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_healthy_methods_do_not_notice_a_neighbour(alone, in_company, name):
    """Bit for bit, vectors and scores, and nobody else fails."""
    _, healthy = in_company[name]
    assert [outcome.status for outcome in healthy] == ["ok"] * len(HEALTHY)
    for ours, theirs in zip(alone, healthy, strict=True):
        assert content(ours) == content(theirs)


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
def test_who_writes_to_the_graphs_fails(in_company, name):
    """With a hint in the reason, and the line in the traceback."""
    outcome, _ = in_company[name]
    assert (outcome.status, outcome.fault) == ("failed", "method")
    assert "a write to the graphs, which are read-only" in outcome.reason
    assert f"{MODULE}.py" in outcome.traceback


@pytest.mark.slow
@pytest.mark.parametrize("name", LIARS)
def test_who_reads_what_it_does_not_declare_fails(in_company, name):
    """The reason names the declaration."""
    outcome, _ = in_company[name]
    assert outcome.status == "failed"
    assert outcome.reason == f"'{MODULE}:{name}' {LIARS[name]}"


@pytest.mark.slow
@pytest.mark.parametrize("name", PATCHERS)
def test_who_patches_may_end_well_or_not_but_is_to_blame(in_company, name):
    """No machine's fault, and not tried again."""
    outcome, _ = in_company[name]
    assert outcome.status == "ok" or outcome.fault == "method"


@pytest.mark.slow
def test_a_method_cannot_even_change_its_own_second_training(one_after_another):
    """Nor its metrics, nor its next seed: each training is given the graphs anew."""
    first, second, reuses, _ = (
        *one_after_another(f"{MODULE}:SetsAttributes", seeds=(0, 1)),
        *one_after_another(f"{MODULE}:ReusesItsMemory", seeds=(0, 1)),
    )
    assert first.status == "ok"
    for outcome in (first, second):
        table = anndata.read_h5ad(io.BytesIO(outcome.embedding))
        others = table.obsm["new_donor"].any(axis=1)
        assert 0 < others.sum() < len(others)
        # it learns from each graph by itself: what it did to them shows in neither training
        assert (table.obsm["new_donor"][others] == table.X[others]).all()
    assert content(first)[0]["X"] == content(second)[0]["X"]
    vectors, _ = content(reuses)
    assert len(set(vectors.values())) == len(vectors) == 2
