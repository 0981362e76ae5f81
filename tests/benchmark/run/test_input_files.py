"""Files that settings name: a run is known by what they hold, and finds them by their paths."""

import pickle
from pathlib import Path

import pytest

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.common.errors import UsageError
from genearena.data.tasks import TaskCard, describe
from genearena.methods.example import example_graphs

GRAPHS = example_graphs()
TEXT = "COMMON00 1 2\nCOMMON01 2 1\nCOMMON02 1 1\n"


def job(path: Path, name: str = "scbert") -> Job:
    """Plan a run of a method with a file."""
    card = TaskCard("lung", "made-up", "0", tuple(map(describe, GRAPHS)))
    info = declared_method(name, "fast", 8, {"positions": str(path)})
    # as workers get it
    copied: Job = pickle.loads(pickle.dumps(Job(card, info, 0, "fast", ())))
    return copied


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of positions."""
    file = tmp_path / "positions.txt"
    file.write_text(TEXT)
    return file


def test_a_run_is_known_by_what_its_files_hold(path):
    """Not by their paths, of which records say nothing."""
    first = job(path)
    moved = job(path.rename(path.with_name("moved.txt")))
    assert moved.run_id == first.run_id
    stored = moved.method.model_dump_json()
    assert "moved" not in stored
    assert str(path.parent) not in stored
    path.write_text(TEXT.replace("2", "3"))
    assert job(path).run_id != first.run_id


def test_a_row_says_that_it_rests_on_files(path):
    """Without them it is trained on nothing else."""
    assert job(path).method.trained_on == "the data behind its files (positions)"
    assert declared_method("scbert").trained_on == "nothing"
    assert declared_method("scbert").files == {}


@pytest.mark.parametrize("name", ["scbert", "genearena.methods.scbert:SCBERT"])
def test_the_file_is_found_where_the_run_takes_place(path, name):
    """Also by a method from outside the suite, which another process describes."""
    planned = job(path, name)
    assert planned.method.files == {"positions": str(path)}
    outcome = evaluate(planned, GRAPHS, lambda *_: None)
    assert (outcome.status, outcome.reason) == ("ok", "")
    assert 0 < outcome.gene_coverage < 0.2


def test_a_file_that_was_changed_meanwhile_ends_the_run_in_one_line(path):
    """The vectors would be another run's."""
    planned = job(path)
    path.write_text(TEXT.replace("2", "3"))
    outcome = evaluate(planned, GRAPHS, lambda *_: None)
    assert outcome.status == "failed"
    assert outcome.reason == f"positions '{path}' was changed since the runs were planned"


def test_a_file_that_is_not_there_is_told_before_anything_runs(path):
    """In one line with what was given."""
    with pytest.raises(UsageError, match=r"scbert: positions is .*, want a file that can be read"):
        job(path.with_name("none.txt"))
