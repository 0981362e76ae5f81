"""In what order a plan does its jobs."""

from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Request
from genearena.data.tasks import find_task


def test_seeds_are_outermost_and_methods_from_outside_change_rarely(data_dir, tmp_path):
    """Every method once, then the suite's own seed by seed, then outside ones one by one."""
    task = find_task("lung", source="tiny", folder=data_dir)
    methods = ("bad_plugins:Good", "pca", "bad_plugins:Raises", "random")
    plan = make_plan(Request((task,), methods, ("cgr",), (3, 5, 8)), ResultStore(tmp_path), [])
    order = [(job.method.name.rpartition(":")[2], job.seed) for job in plan.jobs]
    assert order[:4] == [("pca", 3), ("random", 3), ("Good", 3), ("Raises", 3)]
    assert order[4:8] == [("pca", 5), ("random", 5), ("pca", 8), ("random", 8)]
    assert order[8:] == [("Good", 5), ("Good", 8), ("Raises", 5), ("Raises", 8)]
