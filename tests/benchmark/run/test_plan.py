"""In what order a plan does its jobs."""

import pytest

from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Configuration, Request
from genearena.benchmark.run.runner import make_record
from genearena.data.common.errors import UsageError
from genearena.data.tasks import find_task


def test_seeds_are_outermost_and_methods_from_outside_change_rarely(data_dir, tmp_path):
    """Every method once, then the suite's own seed by seed, then outside ones one by one."""
    task = find_task("lung", source="tiny", folder=data_dir)
    methods = ("bad_plugins:Good", "pca", "bad_plugins:Raises", "random")
    plan = make_plan(
        Request((task,), tuple(map(Configuration, methods)), ("cgr",), (3, 5, 8)),
        ResultStore(tmp_path),
        [],
    )
    order = [(job.method.name.rpartition(":")[2], job.seed) for job in plan.jobs]
    assert order[:4] == [("pca", 3), ("random", 3), ("Good", 3), ("Raises", 3)]
    assert order[4:8] == [("pca", 5), ("random", 5), ("pca", 8), ("random", 8)]
    assert order[8:] == [("Good", 5), ("Good", 8), ("Raises", 5), ("Raises", 8)]


def test_a_changed_setting_is_another_run_and_the_value_of_the_preset_is_not(data_dir, tmp_path):
    """So that a run with a setting spelt out finds what is stored of the preset."""
    store = ResultStore(tmp_path)

    def ids(settings):
        tasks = (find_task("liver", folder=data_dir),)
        methods = tuple(Configuration(name, settings.get(name, {})) for name in ("pca", "gae"))
        request = Request(tasks, methods, ("asw",), (0,))
        return [job.run_id for job in make_plan(request, store, []).jobs]

    pca, gae = ids({})
    assert ids({"gae": {"epochs": 200}}) == [pca, gae]
    same, other = ids({"gae": {"epochs": 50}})
    assert same == pca
    assert other != gae
    # a whole number where the setting has fractions is the same number
    assert ids({"gae": {"learning_rate": 1}}) == ids({"gae": {"learning_rate": 1.0}})


def test_two_variants_that_are_one_run_are_refused(data_dir, tmp_path):
    """Spelt otherwise, but the value of the preset: one row could not have two labels."""
    task = find_task("liver", folder=data_dir)
    same = (Configuration("gae", {"epochs": 200}, "long"), Configuration("gae"))
    with pytest.raises(UsageError, match="'long' and 'gae' are gae with the same settings"):
        make_plan(Request((task,), same, ("asw",), (0,)), ResultStore(tmp_path), [])


def test_a_label_is_no_part_of_a_run(data_dir, tmp_path):
    """What is stored under another label, or none, is found, and called what is asked for now."""
    store = ResultStore(tmp_path)
    task = find_task("liver", folder=data_dir)

    def plan(label, records):
        request = Request((task,), (Configuration("gae", {}, label),), (), (0,))
        return make_plan(request, store, records)

    (job,) = plan("", []).jobs
    (named,) = plan("mine", []).jobs
    assert (named.run_id, named.name, job.name) == (job.run_id, "mine", "gae")
    record = make_record(named, Outcome("ok", environment=current_environment()))
    assert record.label == "mine"
    again = plan("other", [record])
    assert [r.label for r in again.stored] == ["other"]
    assert again.renamed == ((record, again.stored[0]),)
    assert plan("mine", [record]).renamed == plan("", [record]).renamed == ()
    assert plan("", [record]).stored == (record,)
