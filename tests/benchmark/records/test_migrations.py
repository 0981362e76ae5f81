"""Records of every schema there was are read; those of a later one are refused by name."""

import json
import shutil
from pathlib import Path

import pytest

from genearena.benchmark.records.identity import former_id, id_of, vector_names
from genearena.benchmark.records.integrity import verify
from genearena.benchmark.records.migrations import STEPS, migrate
from genearena.benchmark.records.record import SCHEMA_VERSION
from genearena.benchmark.records.record_files import alteration, parse_record
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.records.seal import BROKEN
from genearena.methods.gene2vec import Gene2vec

SCHEMA_1 = Path(__file__).parent / "records" / "heart.gene_name.s2.e075b962d8e466c1.json"
"""As the last version with schema 1 (0.1.0, commit 9309655) wrote it."""
SCHEMA_2 = SCHEMA_1.parent / "schema-2" / SCHEMA_1.name
"""As the last version with schema 2 (0.1.0, commit b10d416) wrote it; the same run."""

SCHEMA_3 = SCHEMA_1.parent / "schema-3" / "lung.gene2vec.s0.0e4e7b8d4adcf29f.json"
"""As the last version with schema 3 (0.1.0, commit 98077dc) wrote it: a run of another method."""
SCHEMA_4 = SCHEMA_1.parent / "schema-4" / "lung.gene_name.s0.131f63358f9a5f82.json"
"""As the last version with schema 4 (0.2.0, commit 4b56087) wrote it."""
SCHEMA_5 = SCHEMA_1.parent / "schema-5" / "lung.gene_name.s0.12f38815953c5c91.json"
"""As the last version with schema 5 wrote it."""


@pytest.fixture
def store(tmp_path):
    """Return a store that holds the record of schema 1."""
    store = ResultStore(tmp_path)
    store.records_folder.mkdir()
    shutil.copy(SCHEMA_1, store.records_folder)
    return store


def versioned(metrics):
    """Return metrics of earlier schemas as they are read: of version 1, without parts."""
    return {name: {"version": "1", "parts": []} | result for name, result in metrics.items()}


def test_a_record_of_schema_1_keeps_all_it_said(store):
    """Every old field stands as it was; what was not measured then is missing, not zero."""
    old = json.loads(SCHEMA_1.read_bytes())
    (record,) = store.records()
    new = record.model_dump(mode="json")
    added = {"attempts": 1, "embedding_sha256": None, "schema_version": SCHEMA_VERSION}
    added["label"] = ""
    unmeasured = {"cpu_seconds": None, "base_rss_bytes": None, "energy_joules": None}
    named = {"run_id": id_of(record), "seal": record.seal, "metrics": versioned(old["metrics"])}
    assert new == old | added | named | {"cost": old["cost"] | unmeasured}
    assert old["run_id"] == former_id(old) != record.run_id
    assert alteration(record) == ""


def test_a_record_of_schema_2_keeps_all_it_said():
    """It only gets another id, versions of its metrics, and a seal."""
    old = json.loads(SCHEMA_2.read_bytes())
    record = parse_record(SCHEMA_2.read_bytes(), SCHEMA_2.stem)
    named = {"run_id": id_of(record), "seal": record.seal, "metrics": versioned(old["metrics"])}
    named["label"] = ""
    assert record.model_dump(mode="json") == old | named | {"schema_version": SCHEMA_VERSION}
    assert alteration(record) == ""


def test_a_record_of_schema_3_calls_settings_as_they_are_called_now():
    """It only gets the present names of settings, and a seal; its id and its file stay."""
    old = json.loads(SCHEMA_3.read_bytes())
    record = parse_record(SCHEMA_3.read_bytes(), SCHEMA_3.stem)
    method = old["method"] | {"params": {"epochs": 5} | old["method"]["params"]}
    assert method["params"].pop("passes") == 5
    changed = {"method": method, "seal": record.seal, "schema_version": SCHEMA_VERSION}
    changed |= {"metrics": versioned(old["metrics"]), "label": ""}
    assert record.model_dump(mode="json") == old | changed
    # since then the method has got a setting more, and other values under fast
    now = Gene2vec.preset("fast") | {"dim": 32}
    assert list(record.method.params) == [name for name in now if name != "sample"]
    assert record.embedding in vector_names(record)
    assert alteration(record) == ""


def test_a_record_of_schema_4_has_no_values_of_single_data_sets():
    """Nothing else of it changes but the seal."""
    old = json.loads(SCHEMA_4.read_bytes())
    record = parse_record(SCHEMA_4.read_bytes(), SCHEMA_4.stem)
    changed = {"metrics": versioned(old["metrics"]), "seal": record.seal, "label": ""}
    assert record.model_dump(mode="json") == old | changed | {"schema_version": SCHEMA_VERSION}
    assert alteration(record) == ""


def test_a_record_of_schema_5_has_no_label():
    """Nothing else of it changes but the seal."""
    old = json.loads(SCHEMA_5.read_bytes())
    record = parse_record(SCHEMA_5.read_bytes(), SCHEMA_5.stem)
    changed = {"seal": record.seal, "label": "", "schema_version": SCHEMA_VERSION}
    assert record.model_dump(mode="json") == old | changed
    assert alteration(record) == ""


@pytest.mark.parametrize("seal", [{}, {"seal": None}, {"seal": "0" * 64}])
def test_a_broken_seal_of_schema_3_stays_broken(seal):
    """Being brought to the present schema vouches neither for edits nor for a seal taken off."""
    values = json.loads(SCHEMA_3.read_bytes())
    values["metrics"]["asw"]["value"] = 0.999
    values |= seal
    record = parse_record(json.dumps(values).encode())
    assert alteration(record) == BROKEN


@pytest.mark.parametrize("path", [SCHEMA_1, SCHEMA_2])
@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"preset": "paper"},
        {"suite_version": "0.2.0"},
        {"method": {"version": "2"}},
        {"method": {"params": {"dim": 64}}},
        {"task": {"fingerprint": "f" * 64}},
    ],
)
def test_an_altered_record_of_an_earlier_schema_is_found(tmp_path, path, change):
    """What an id held then is compared with that id, not with what ids hold now."""
    store = ResultStore(tmp_path)
    store.records_folder.mkdir()
    values = json.loads(path.read_bytes())
    for name, value in change.items():
        values[name] = values[name] | value if isinstance(value, dict) else value
    (store.records_folder / path.name).write_text(json.dumps(values))
    (record,) = store.records()
    assert "were altered" in alteration(record)
    finding, *_ = verify(store, store.scan())
    assert finding.path.name == path.name
    assert "were altered" in finding.text


def test_the_version_of_the_suite_is_no_part_of_an_id():
    """Runs of two versions of the suite are one run, unless a method or metric changed."""
    record = parse_record(SCHEMA_2.read_bytes())
    assert id_of(record) == id_of(record.model_copy(update={"suite_version": "9.9"}))


def test_a_run_stored_twice_is_read_from_the_record_of_the_present_schema(tmp_path):
    """As an interrupted rewriting leaves it: nothing counts twice, and nothing is lost."""
    store = ResultStore(tmp_path)
    store.records_folder.mkdir()
    shutil.copy(SCHEMA_2, store.records_folder)
    (old,) = store.records()
    new = ResultStore(tmp_path).write(old.model_copy(update={"attempts": 3}))
    scan = ResultStore(tmp_path).scan()
    assert scan.records == (new,)
    assert [path.name for path in scan.former] == [SCHEMA_2.name]


def test_reading_rewrites_nothing(store):
    """Only a request changes stored bytes."""
    store.scan()
    assert (store.records_folder / SCHEMA_1.name).read_bytes() == SCHEMA_1.read_bytes()


def test_there_is_a_step_from_every_schema():
    """Raising the schema without a migration would strand stored runs."""
    assert sorted(STEPS) == list(range(1, SCHEMA_VERSION))


def test_steps_change_no_input():
    """Migrating is pure: dict in, new dict out."""
    values = json.loads(SCHEMA_1.read_bytes())
    before = json.dumps(values)
    migrate(values)
    assert json.dumps(values) == before


def test_what_an_unreleased_version_measured_survives():
    """Records of schema 1 that had the new costs already keep them."""
    values = json.loads(SCHEMA_1.read_bytes())
    values["cost"]["cpu_seconds"] = 4.5
    values["attempts"] = 2
    record = parse_record(json.dumps(values).encode())
    assert (record.cost.cpu_seconds, record.attempts) == (4.5, 2)


def test_a_newer_record_is_named_as_such(store):
    """It is neither damaged nor half understood."""
    path = store.record_path(SCHEMA_1.stem)
    newer = SCHEMA_1.read_text().replace('"schema_version": 1', '"schema_version": 99')
    path.write_text(newer)
    (problem,) = store.scan().problems
    assert problem.kind == "too new"
    assert "made by a newer GeneArena: schema 99" in str(problem)
    assert "upgrade" in str(problem)
