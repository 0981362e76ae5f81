"""The results folder keeps records whole and names what is not one."""

import pytest
from pydantic import ValidationError

from genearena.benchmark.records import RunRecord
from genearena.benchmark.results import ResultStore
from genearena.data.errors import StoreError


@pytest.fixture
def record(make_record):
    """Return one complete record."""
    return make_record("pca", {"edge_auc": 0.875, "asw": 0.5})


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
    assert [path for path, _ in scan.damaged] == [damaged]
    assert "JSON" in scan.damaged[0][1]


def test_setting_aside_keeps_the_damaged_file(tmp_path):
    """Nothing is deleted; the file just stops counting."""
    store = ResultStore(tmp_path)
    path = store.record_path("broken")
    path.parent.mkdir()
    path.write_text("{")
    aside = store.set_aside(path)
    assert aside.read_text() == "{"
    assert store.scan().damaged == ()


def test_fields_of_another_schema_are_refused(tmp_path, record):
    """A foreign or newer record is not half understood."""
    store = ResultStore(tmp_path)
    store.write(record)
    path = store.record_path(record.run_id)
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 99'))
    assert "schema_version" in store.scan().damaged[0][1]


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
