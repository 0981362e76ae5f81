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


def test_a_changed_setting_is_another_run_and_the_value_of_the_preset_is_not(data_dir, tmp_path):
    """So that a run with a setting spelt out finds what is stored of the preset."""
    store = ResultStore(tmp_path)

    def ids(settings):
        tasks = (find_task("liver", folder=data_dir),)
        request = Request(tasks, ("pca", "gae"), ("asw",), (0,), settings=settings)
        return [job.run_id for job in make_plan(request, store, []).jobs]

    pca, gae = ids({})
    assert ids({"gae": {"epochs": 200}}) == [pca, gae]
    same, other = ids({"gae": {"epochs": 50}})
    assert same == pca
    assert other != gae
    # a whole number where the setting has fractions is the same number
    assert ids({"gae": {"learning_rate": 1}}) == ids({"gae": {"learning_rate": 1.0}})
