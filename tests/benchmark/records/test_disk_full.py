"""A disk that fills costs the run that met it, and nothing that was stored."""

import errno
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from shared_folder import ENVIRONMENT, Silent, make_jobs

from genearena.benchmark.records.integrity import verify
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.plan import Plan
from genearena.benchmark.run.runner import carry_out, make_record
from genearena.benchmark.run.workers.events import Finished
from genearena.data.common.errors import StoreError


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def contents(folder):
    """Return what lies in a folder, byte for byte."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(folder, leave=0):
    """Fill a disk but for `leave` bytes, and return the file that does."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(ballast, max(ballast.stat().st_size - leave, 0))
    return ballast


def record_of(job):
    """Return the record of a run that ended well."""
    return make_record(job, Outcome("ok", environment=ENVIRONMENT))


@pytest.mark.parametrize("leave", [0, 8192, 64 * 1024])
def test_a_write_that_does_not_fit_leaves_the_store_as_it_was(small_disk, leave):
    """Not even the vectors are replaced, and no temporary file takes the last bytes."""
    store = ResultStore(small_disk / "results")
    (job,) = make_jobs(1)
    before = store.write(record_of(job), b"old vectors")
    ballast = fill(small_disk, leave)
    stored = contents(store.folder)
    for write in (store.write, lambda *new: store.write_instead_of(before, *new)):
        with pytest.raises(StoreError, match="No space left on device; free space"):
            write(record_of(job), bytes(100_000))
        assert contents(store.folder) == stored
    ballast.unlink()
    store.write(record_of(job), bytes(100_000))
    assert not list(verify(store, store.scan()))


class Instant:
    """An executor whose runs take no time and leave vectors of 100 kB."""

    def run(self, jobs):
        """Finish every job at once."""
        for job in filter(None, jobs):
            yield Finished(0, job, Outcome("ok", embedding=bytes(100_000)))


class Quiet(Silent):
    """A display that shows nothing."""

    def finished(self, event, record):
        """Show nothing."""


def test_a_run_stops_when_the_disk_fills_and_goes_on_when_it_is_freed(small_disk):
    """What was stored stays, leases are given back, and the rest is done by the next run."""
    store = ResultStore(small_disk / "results")
    jobs = make_jobs(20)
    with pytest.raises(StoreError, match="No space left on device"):
        carry_out(Plan(jobs, ()), store, Instant(), Quiet())
    scan = store.scan()
    assert 5 <= len(scan.records) < 20
    assert not list(verify(store, scan))
    assert not [path for path in contents(store.folder) if path.name.startswith(".")]
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    done = {record.run_id for record in scan.records}
    left = tuple(job for job in jobs if job.run_id not in done)
    carry_out(Plan(left, ()), store, Instant(), Quiet())
    assert {record.run_id for record in store.records()} == {job.run_id for job in jobs}


@pytest.mark.parametrize("fails_at", range(4))
def test_any_step_of_a_write_may_fail(tmp_path, monkeypatch, fails_at):
    """Without space at any one of its steps a write changes nothing (where no disk can be made)."""
    store = ResultStore(tmp_path)
    (job,) = make_jobs(1)
    store.write(record_of(job), b"old vectors")
    before = contents(tmp_path)
    steps = iter(range(100))

    def failing(function):
        def call(*arguments, **options):
            if next(steps) == fails_at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", failing(Path.write_bytes))
        patch.setattr(os, "fsync", failing(os.fsync))
        with pytest.raises(StoreError, match="No space left on device; free space"):
            store.write(record_of(job), b"new vectors")
    assert contents(tmp_path) == before
