"""The results folder keeps records whole and names what is not one."""

import errno
import hashlib
import os

import pytest
from pydantic import ValidationError
from shared_folder import ENVIRONMENT, make_jobs

from genearena.benchmark.records.identity import id_of
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.record_files import Problem
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.records.seal import sealed
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.runner import make_record
from genearena.data.common.errors import StoreError


@pytest.fixture
def record(make_record):
    """Return one complete record."""
    return sealed(make_record("pca", {"edge_auc": 0.875, "asw": 0.5}))


def test_a_record_comes_back_as_it_was(tmp_path, record):
    """Writing and reading lose nothing."""
    store = ResultStore(tmp_path)
    store.write(record)
    assert store.records() == [record]


def test_a_truncated_record_is_named_and_the_others_are_read(tmp_path, record):
    """One damaged file costs one record, not the folder."""
    store = ResultStore(tmp_path)
    store.write(record)
    whole = store.record_path(record.run_id).read_text()
    damaged = store.record_path("lung.pca.s1.feed")
    damaged.write_text(whole[: len(whole) // 2])
    scan = store.scan()
    assert scan.records == (record,)
    assert [problem.path for problem in scan.problems] == [damaged]
    assert "JSON" in scan.problems[0].text


def test_setting_aside_keeps_the_damaged_file(tmp_path):
    """Nothing is deleted; the file just stops counting."""
    store = ResultStore(tmp_path)
    path = store.record_path("broken")
    path.parent.mkdir()
    path.write_text("{")
    asides = []
    for _ in range(2):
        path.write_text("{")
        asides.append(store.set_aside(store.scan().problems[0]))
    assert [aside.name for aside in asides] == ["broken.json.damaged", "broken.json.damaged1"]
    assert all(aside.read_text() == "{" for aside in asides)
    assert store.scan().problems == ()


def test_a_record_made_again_meanwhile_is_not_set_aside(tmp_path, record):
    """Of two processes that find a damaged file one may have replaced it already."""
    store = ResultStore(tmp_path)
    path = store.record_path(record.run_id)
    path.parent.mkdir()
    path.write_text("{")
    problem = store.scan().problems[0]
    good = record.model_copy(update={"run_id": real_id(record)})
    path.unlink()
    good = store.write(good)
    moved = Problem(store.record_path(good.run_id), problem.text)
    assert store.set_aside(moved) is None
    assert store.set_aside(problem) is None
    assert store.records() == [good]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "JSON"),
        (b"[]", "object"),
        (b"[" * 100_000, "JSON"),
        (b'{"schema_version": 2}', "run_id"),
        (b'{"schema_version": 1, "cost": 3}', "as of schema 1"),
        (b'{"schema_version": true}', "schema_version"),
        (b'{"schema_version": -1}', "schema_version"),
        (b"\xff\xfe", "JSON"),
    ],
)
def test_foreign_files_are_named_with_a_reason(tmp_path, content, text):
    """Valid JSON that is no record, and bytes that are no JSON, are problems, not errors."""
    store = ResultStore(tmp_path)
    path = store.record_path("lung.pca.s0.feed")
    path.parent.mkdir()
    path.write_bytes(content)
    (problem,) = store.scan().problems
    assert (problem.path, problem.kind) == (path, "damaged")
    assert text in problem.text
    assert "\n" not in str(problem)


def test_a_copied_record_is_not_a_second_run(tmp_path, record):
    """A record under another run's name is named; the original stands."""
    store = ResultStore(tmp_path)
    store.write(record)
    copy = store.record_path("lung.pca.s1.feed")
    copy.write_bytes(store.record_path(record.run_id).read_bytes())
    scan = store.scan()
    assert scan.records == (record,)
    assert "calls itself" in scan.problems[0].text


def test_a_folder_in_place_of_a_record_is_unreadable(tmp_path, record):
    """What the system does not read costs one record, and can be set aside."""
    store = ResultStore(tmp_path)
    store.write(record)
    store.record_path("lung.pca.s1.feed").mkdir()
    (problem,) = store.scan().problems
    assert problem.kind == "unreadable"
    assert store.set_aside(problem).is_dir()
    assert store.scan() == Scan((record,), ())


def test_a_disk_that_reads_nothing_is_an_error(tmp_path):
    """When every file fails, the folder is at fault: no record is set aside for it."""
    store = ResultStore(tmp_path)
    for seed in range(2):
        store.record_path(f"lung.pca.s{seed}.feed").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot read any record"):
        store.scan()


def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(tmp_path):
    """Else every run would be done again."""
    (tmp_path / "records").write_text("a file")
    with pytest.raises(StoreError, match="cannot read results folder"):
        ResultStore(tmp_path).scan()


def test_the_first_of_two_processes_keeps_its_record(tmp_path, record, make_record):
    """A run stored since another process began it is not replaced, nor are its vectors."""
    store = ResultStore(tmp_path)
    first = store.write_instead_of(None, record, b"first")
    late = record.model_copy(update={"seed": 7})
    assert store.write_instead_of(None, late, b"late") is None
    assert store.records() == [first]
    assert store.embedding_path(record).read_bytes() == b"first"
    assert first.embedding_sha256 == hashlib.sha256(b"first").hexdigest()


def test_a_run_done_again_replaces_only_what_it_was_planned_from(tmp_path, record):
    """``--rerun always`` in two processes: the second finds a newer record and leaves it."""
    store = ResultStore(tmp_path)
    store.write(record, b"old")
    again = record.model_copy(update={"created": "2025-01-01T00:00:00+00:00"})
    before = store.record(record.run_id)
    stored = store.write_instead_of(before, again, b"new")
    assert store.embedding_path(record).read_bytes() == b"new"
    assert store.write_instead_of(before, record, b"late") is None
    assert store.record(record.run_id) == stored
    assert store.embedding_path(record).read_bytes() == b"new"


def test_without_hard_links_the_first_record_still_stays(tmp_path, record, monkeypatch):
    """File systems such as FAT cannot link: a look before the move replaces it."""
    monkeypatch.setattr(os, "link", no_links)
    store = ResultStore(tmp_path)
    assert store.write_instead_of(None, record) == record
    late = record.model_copy(update={"seed": 7})
    assert store.write_instead_of(None, late) is None
    assert store.records() == [record]


def no_links(*_):
    """Answer as a file system without hard links."""
    raise OSError(errno.EPERM, "Operation not permitted")


def real_id(record):
    """Return the id that a made-up record should have."""
    return id_of(record)


def test_an_unwritable_folder_is_one_clear_error(tmp_path):
    """A file where the folder should be is told with what to do."""
    (tmp_path / "results").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot write to results folder .*--out"):
        ResultStore(tmp_path / "results").check_writable()


@pytest.mark.parametrize("name", ["../../elsewhere", "a/b", "a\\b", "", "a\nb"])
def test_a_record_cannot_name_files_outside_its_folder(make_record, name):
    """Ids and file names hold no separators: no record is written or looked for elsewhere."""
    record = make_record("pca", {}).model_dump(mode="json")
    for field in ("run_id", "embedding"):
        with pytest.raises(ValidationError, match=field):
            RunRecord.model_validate(record | {field: name})


def test_errors_in_any_encoding_are_stored(tmp_path):
    """A method may raise what has no UTF-8; its run is stored all the same."""
    reason = os.fsdecode(b"no file caf\xe9")
    flag = MetricResult(label="ASW", flag=reason)
    (job,) = make_jobs(1)
    outcome = Outcome("failed", reason, reason, {"asw": flag}, environment=ENVIRONMENT)
    record = make_record(job, outcome)
    store = ResultStore(tmp_path)
    store.write(record)
    assert store.record(job.run_id).reason == "no file caf?"
