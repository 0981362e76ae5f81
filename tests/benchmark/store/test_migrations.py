"""Records of every schema there was are read; those of a later one are refused by name."""

import json
import shutil
from pathlib import Path

import pytest

from genearena.benchmark.store.migrations import STEPS, migrate
from genearena.benchmark.store.record_files import identity_problem, parse_record
from genearena.benchmark.store.records import SCHEMA_VERSION
from genearena.benchmark.store.results import ResultStore

SCHEMA_1 = Path(__file__).parent / "records" / "heart.gene_name.s2.e075b962d8e466c1.json"
"""As the last version with schema 1 (0.1.0, commit 9309655) wrote it."""


@pytest.fixture
def store(tmp_path):
    """Return a store that holds the record of schema 1."""
    store = ResultStore(tmp_path)
    store.records_folder.mkdir()
    shutil.copy(SCHEMA_1, store.records_folder)
    return store


def test_a_record_of_schema_1_keeps_all_it_said(store):
    """Every old field stands as it was; what was not measured then is missing, not zero."""
    old = json.loads(SCHEMA_1.read_bytes())
    (record,) = store.records()
    new = record.model_dump(mode="json")
    added = {"attempts": 1, "embedding_sha256": None, "schema_version": SCHEMA_VERSION}
    unmeasured = {"cpu_seconds": None, "base_rss_bytes": None, "energy_joules": None}
    assert new == old | added | {"cost": old["cost"] | unmeasured}
    assert identity_problem(record) == ""


def test_reading_rewrites_nothing(store):
    """Only a request changes stored bytes."""
    store.scan()
    assert store.record_path(SCHEMA_1.stem).read_bytes() == SCHEMA_1.read_bytes()


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
