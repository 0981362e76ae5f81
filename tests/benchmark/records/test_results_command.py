"""``bench results``: list, show, verify, gc, migrate and export."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.results.group import command
from genearena.benchmark.records.identity import id_of
from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.record import Cost, MetricResult, Origin
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError, GeneArenaError, UsageError

SCHEMA_1 = Path(__file__).parent / "records" / "heart.gene_name.s2.e075b962d8e466c1.json"
OLD = SCHEMA_1.parent / "schema-2" / SCHEMA_1.name
LONG_AGO = time.time() - 3600


@pytest.fixture
def store(tmp_path, make_record):
    """Return a store of four runs with real ids; those that ended ok have vectors."""
    store = ResultStore(tmp_path / "results")
    for method, options in (
        ("pca", {"seed": 1}),
        ("pca", {"seed": 10}),
        ("gae", {"status": "failed", "reason": "RuntimeError: NaN"}),
        ("mae", {"tissue": "liver", "preset": "paper"}),
    ):
        values = {} if options.get("status") else {"asw": 0.5, "cgr": 0.25}
        keep(store, make_record(method, values, **options))
    return store


def keep(store, record):
    """Store a record under its real id, with vectors if it ended ok."""
    real = id_of(record)
    embedding = f"{real}.h5ad" if record.status == "ok" else None
    record = record.model_copy(update={"run_id": real, "embedding": embedding})
    return store.write(record, b"vectors of " + real.encode() if embedding else None)


@pytest.fixture
def results(store):
    """Return a caller of ``bench results`` that gives its result or raises its error."""

    def call(*words):
        where = ("--out", str(store.folder))
        done = CliRunner().invoke(command, [*map(str, words), *where])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done

    return call


def test_list_filters_by_every_part(results):
    """Tissue, method, status and preset narrow the list; formats agree."""

    def listed(*words):
        return [
            row["run_id"] for row in json.loads(results("list", *words, "--format", "json").stdout)
        ]

    everything = listed()
    assert len(everything) == 4
    assert listed("--tissue", "liver") == listed("--preset", "paper") == listed("--methods", "mae")
    assert listed("--status", "failed") == listed("--methods", "gae") != []
    assert listed("--methods", "pca,gae", "--status", "ok") == [r for r in everything if "pca" in r]
    table = csv.DictReader(io.StringIO(results("list", "--format", "csv").stdout))
    assert [row["run_id"] for row in table] == everything
    lines = results("list").stdout.splitlines()
    assert lines[0].split()[:3] == ["tissue", "source", "method"]
    assert [line.split()[-1] for line in lines[1:]] == everything


def test_show_takes_the_beginning_or_the_last_part_of_an_id(results, store):
    """s1 is not taken for s10; what is ambiguous or unknown is told."""
    (one,) = (r.run_id for r in store.records() if r.seed == 1)
    for word in (one, "lung.pca.s1", one.rpartition(".")[2]):
        text = results("show", word).stdout
        assert f"run_id            {one}" in text
        assert "asw  0.5" in text
    assert json.loads(results("show", one, "--format", "json").stdout)["run_id"] == one
    with pytest.raises(UsageError, match=r"is the beginning of 2 runs: lung\.pca"):
        results("show", "lung.pca")
    with pytest.raises(UsageError, match="no run 'spleen'"):
        results("show", "spleen")


def test_show_prints_tracebacks_and_no_control_characters(results, store, make_record):
    """A foreign record cannot move the cursor or set the window's title."""
    record = make_record("vgae", {}, status="failed", reason="bad \x1b[2J news")
    keep(store, record.model_copy(update={"traceback": "Traceback:\n  line 1\nValueError: \x07"}))
    text = results("show", "lung.vgae").stdout
    assert r"bad \x1b[2J news" in text
    assert "Traceback:\n  line 1\nValueError: \\x07\n" in text


def test_a_sound_folder_is_verified(results):
    """Nothing wrong is told as such."""
    assert "4 runs" in results("verify").stdout


def _edit(store, **changes):
    path = next(store.records_folder.glob("lung.pca.s1.*"))
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _vectors(store):
    return next(store.embeddings_folder.glob("lung.pca.s1.*"))


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (lambda s: _edit(s, seed=4), "data, method or settings were altered"),
        (lambda s: _edit(s, attempts=2), "its content was changed after it was written"),
        (lambda s: _edit(s, seal=None), "its content was changed after it was written"),
        (lambda s: _edit(s, schema_version=9), "made by a newer GeneArena"),
        (lambda s: _edit(s, metrics=3), "metrics: "),
        (lambda s: _edit(s, embedding=None), "names no vectors"),
        (lambda s: _edit(s, embedding="other.h5ad"), "names other vectors, 'other.h5ad'"),
        (lambda s: _vectors(s).unlink(), "are missing"),
        (lambda s: _vectors(s).write_bytes(b"other"), "SHA-256 differs"),
    ],
)
def test_verify_names_what_is_wrong(results, store, damage, text):
    """Each kind of damage is found, named with its file, and makes the command fail."""
    damage(store)
    where = ("verify", "--out", str(store.folder))
    done = CliRunner().invoke(command, where)
    assert isinstance(done.exception, DataError)
    assert "lung.pca.s1." in done.stdout
    assert text in done.stdout


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (np.zeros((1800, 32), np.float32), ""),
        (np.zeros((1799, 32), np.float32), "want 1800 rows"),
        (np.zeros((1800, 31), np.float32), "length 31, want 32"),
        (np.full((1800, 32), np.nan, np.float32), "not finite"),
        (None, "cannot be read"),
    ],
)
def test_vectors_of_schema_1_are_verified_by_shape(tmp_path, x, text):
    """Without a seal there must be a finite row of the right length for every gene."""
    import h5py

    store = ResultStore(tmp_path)
    store.records_folder.mkdir()
    store.embeddings_folder.mkdir()
    shutil.copy(SCHEMA_1, store.records_folder)
    path = store.embeddings_folder / f"{SCHEMA_1.stem}.h5ad"
    if x is None:
        path.write_bytes(b"no hdf5")
    else:
        with h5py.File(path, "w") as file:
            file["X"] = x
    done = CliRunner().invoke(command, ["verify", "--out", str(tmp_path)])
    assert isinstance(done.exception, DataError) == bool(text)
    assert text in done.stdout


def age(path):
    """Make a file an hour old."""
    os.utime(path, (LONG_AGO, LONG_AGO))


def litter(store):
    """Leave behind what crashes do; return the paths, each an hour old."""
    ended = Leases(store.records_folder)
    ended._announce()
    assert ended.claim("lung.gone.s0.feed") is None
    paths = [
        store.records_folder / ".tmpx1.json",
        store.records_folder / "a.json.damaged",
        store.embeddings_folder / ".tmpx2.h5ad",
        store.embeddings_folder / "lung.gone.s0.feed.h5ad",
    ]
    for path in paths:
        path.write_text("x")
    paths += [*store.records_folder.glob(".*.owner"), *store.records_folder.glob(".*.lease")]
    for path in paths:
        age(path)
    return paths


def files(store):
    """Return all files of a results folder."""
    return {path for path in store.folder.rglob("*") if path.is_file()}


def test_gc_says_what_it_would_remove_and_removes_it_when_told(results, store):
    """The dry run is the default; records and their vectors always stay."""
    before = files(store)
    litter(store)
    cluttered = files(store)
    dry = results("gc")
    assert "6 files" in dry.stderr
    assert files(store) == cluttered
    results("gc", "--yes")
    assert files(store) == before
    assert "0 files" in results("gc").stderr


def test_gc_leaves_alone_what_a_process_may_be_at(results, store):
    """A run in progress loses neither its leases nor the file it is writing."""
    with Leases(store.records_folder) as leases:
        assert leases.claim("lung.new.s0.feed") is None
        (store.records_folder / ".tmpx1.json").write_text("x")
        before = files(store)
        results("gc", "--yes")
        assert files(store) == before


def test_gc_keeps_the_vectors_of_records_it_cannot_read(results, store):
    """A newer record's vectors are needed by the newer version."""
    _edit(store, schema_version=9)
    age(_vectors(store))
    results("gc", "--yes")
    assert _vectors(store).exists()


def test_gc_removes_superseded_runs_only_on_request(results, store, make_record):
    """Of runs of two versions the older goes; other settings of one version both stay."""
    older = make_record("pca", {"asw": 0.1}, seed=1, created="2023-01-01T00:00:00+00:00")
    method = older.method.model_copy(update={"version": "0"})
    older = keep(store, older.model_copy(update={"method": method}))
    theirs = keep(store, older.model_copy(update={"origin": Origin(kind="merged", by="a lab")}))
    deliberate = keep(store, make_record("mae", {}, tissue="liver", preset="paper",
                                         params={"dim": 32, "lr": 1}))  # fmt: skip
    results("gc", "--yes")
    assert store.record(older.run_id) is not None
    results("gc", "--yes", "--superseded")
    assert store.record(older.run_id) is None
    assert not store.embedding_path(older).exists()
    assert store.record(deliberate.run_id) is not None
    assert store.record(theirs.run_id) is not None
    assert len(store.records()) == 6


def test_migrate_rewrites_old_records_only(results, store):
    """Records of the present schema keep their bytes; old ones change schema and names alone."""
    vectors = copy_old(store)
    others = {p: p.read_bytes() for p in store.records_folder.iterdir() if "heart" not in p.name}
    (before,) = (r for r in store.records() if r.task.tissue == "heart")
    assert store.embedding_path(before) == vectors
    assert "1 records rewritten" in results("migrate").stdout
    name = f"{before.run_id}.h5ad"
    after = store.record(before.run_id)
    changed = {"embedding": name, "seal": after.seal}
    assert after == before.model_copy(update=changed)
    path = store.records_folder / f"{before.run_id}.json"
    assert json.loads(path.read_text()) == after.model_dump(mode="json")
    assert (store.embeddings_folder / name).read_bytes() == b"vectors"
    assert not list(store.folder.rglob(f"{OLD.stem}*"))
    assert all(path.read_bytes() == content for path, content in others.items())
    assert "0 records rewritten" in results("migrate").stdout


def copy_old(store):
    """Put the record of schema 2 into a store, with vectors named like it; return their path."""
    shutil.copy(OLD, store.records_folder)
    vectors = store.embeddings_folder / f"{OLD.stem}.h5ad"
    vectors.write_bytes(b"vectors")
    return vectors


def test_migrate_leaves_altered_records_alone(results, store):
    """A record that is not the run it says gets neither a new name nor a seal."""
    path = store.records_folder / OLD.name
    path.write_text(OLD.read_text().replace('"seed": 2', '"seed": 4'))
    done = results("migrate")
    assert "0 records rewritten" in done.stdout
    assert "were altered" in done.stderr
    assert path.exists()


@pytest.mark.parametrize("stop", ["os.link", "pathlib.Path.replace", "pathlib.Path.unlink"])
def test_an_interrupted_migration_loses_nothing(results, store, monkeypatch, stop):
    """Wherever it is stopped the run is read as before, and a second try ends it."""
    copy_old(store)
    before = ResultStore(store.folder).records()

    def interrupted(path, *_, **__):
        # leases are files too
        if path.name.startswith(OLD.stem) or (stop.endswith("replace") and path.suffix == ".json"):
            raise KeyboardInterrupt
        return original(path, *_, **__)

    with monkeypatch.context() as patch:
        original = os.link if stop == "os.link" else getattr(Path, stop.rpartition(".")[2])
        patch.setattr(stop, interrupted)
        CliRunner().invoke(command, ["migrate", "--out", str(store.folder)])
    kept = ResultStore(store.folder)
    named = {"embedding": None, "seal": None}
    after = [r.model_copy(update=named) for r in kept.records()]
    assert after == [r.model_copy(update=named) for r in before]
    (run,) = (r for r in kept.records() if r.task.tissue == "heart")
    assert kept.embedding_path(run).read_bytes() == b"vectors"
    results("migrate")
    for path in files(store):
        age(path)
    results("gc", "--superseded", "--yes")
    assert not list(store.folder.rglob(f"{OLD.stem}*"))
    (run,) = (r for r in store.records() if r.task.tissue == "heart")
    assert store.embedding_path(run).read_bytes() == b"vectors"


@pytest.mark.parametrize("asked", ["heart", "heart.gene_name.s2", OLD.stem, None])
def test_show_knows_old_records_by_both_ids(results, store, asked):
    """By the id of the run, that of its file, or their common beginning."""
    copy_old(store)
    (run,) = (r for r in store.records() if r.task.tissue == "heart")
    text = results("show", asked or run.run_id).stdout
    assert f"run_id            {run.run_id}" in text
    assert str(store.records_folder / OLD.name) in text
    assert str(store.embeddings_folder / f"{OLD.stem}.h5ad") in text


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_an_exported_table_equals_the_records(results, store, tmp_path, make_record, ending):
    """Every value comes back: numbers, flags, texts, and what is missing."""
    flagged = MetricResult(label="ASW", status="not_defined", flag='says, "no"\nclusters')
    keep(store, make_record("giant", {"asw": flagged, "cgr": 0.1 + 0.2}))
    path = tmp_path / f"runs.{ending}"
    results("export", "--output", path)
    if ending == "parquet":
        table = pd.read_parquet(path)
        assert (str(table["seed"].dtype), str(table["metric_value"].dtype)) == ("Int64", "Float64")
    else:
        table = pd.read_csv(path, float_precision="round_trip")
    rows = {(row["run_id"], _text(row["metric"])): row for _, row in table.iterrows()}
    expected = [(r, name) for r in store.records() for name in (r.metrics or {"": None})]
    assert list(rows) == [(record.run_id, name) for record, name in expected]
    for record, name in expected:
        row = rows[record.run_id, name]
        assert (row["tissue"], row["seed"]) == (record.task.tissue, record.seed)
        assert json.loads(row["method_params"]) == record.method.params
        assert row["method_control"] == record.method.control
        assert row["fit_seconds"] == record.cost.fit_seconds
        assert pd.isna(row["peak_gpu_bytes"])
        assert pd.isna(row["origin_kind"])
        assert _text(row["embedding_sha256"]) == (record.embedding_sha256 or "")
        if name:
            result = record.metrics[name]
            value = row["metric_value"]
            assert (None if pd.isna(value) else value) == result.value
            assert (row["metric_status"], _text(row["metric_flag"])) == (result.status, result.flag)


def _text(value):
    """Return a text cell; csv cannot tell an empty text from a missing one."""
    return "" if pd.isna(value) else value


def test_list_and_show_tell_what_a_run_added_of_memory(results, store, make_record):
    """Not the peak, most of which is interpreter and libraries; and where it is unknown, that."""
    cost = Cost(fit_seconds=1, peak_rss_bytes=671_000_000, base_rss_bytes=629_000_000)
    run = keep(store, make_record("giant", {"asw": 0.5}, cost=cost)).run_id
    listed = {row["run_id"]: row for row in json.loads(results("list", "--format", "json").stdout)}
    assert listed.pop(run)["added_mb"] == 42.0
    assert {row["added_mb"] for row in listed.values()} == {None}
    (line,) = [x for x in results("list").stdout.splitlines() if run in x]
    assert " 42.0 " in line
    assert results("list").stdout.count("not measured") == len(listed)
    assert re.search(r"added_rss_bytes +42000000$", results("show", run).stdout, re.MULTILINE)
    other = results("show", next(iter(listed))).stdout
    assert re.search(r"added_rss_bytes +not measured$", other, re.MULTILINE)


@pytest.mark.parametrize("name", ["runs.xlsx", "runs"])
def test_an_unknown_ending_is_refused(results, tmp_path, name):
    """Only Parquet and csv are written."""
    with pytest.raises(UsageError, match=r"\.parquet or \.csv"):
        results("export", "--output", tmp_path / name)


def test_reading_commands_name_damaged_files_and_go_on(results, store):
    """One damaged record does not keep the others from being listed."""
    (store.records_folder / "broken.json").write_text("{")
    done = results("list")
    assert "broken.json is damaged" in done.stderr
    assert done.stdout.count("\n") == 5


def test_an_empty_folder_is_no_error_but_nothing_to_export(tmp_path):
    """Listing and verifying nothing is fine; an empty export is a mistake."""
    out = ("--out", str(tmp_path / "none"))
    assert CliRunner().invoke(command, ["list", *out]).exit_code == 0
    assert "0 runs" in CliRunner().invoke(command, ["verify", *out]).stdout
    assert CliRunner().invoke(command, ["gc", "--yes", *out]).exit_code == 0
    done = CliRunner().invoke(command, ["export", "--output", str(tmp_path / "a.csv"), *out])
    assert isinstance(done.exception, GeneArenaError)


def test_the_seal_is_the_sha256_of_the_file(store):
    """Anyone can check vectors with sha256sum."""
    for record in store.records():
        if record.status == "ok":
            content = store.embedding_path(record).read_bytes()
            assert record.embedding_sha256 == hashlib.sha256(content).hexdigest()
