"""Foreign HDF5 files are read in another process first, which may hang or die of them."""

import sys
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest

import genearena.data.reading.formats.hdf5_probe as hdf5_probe
from genearena.data.common.errors import DataError

STAND_IN = """
import json, os, sys, time
print(json.dumps(""), flush=True)
for line in sys.stdin:
    name = json.loads(line)
    if name.endswith("hang.h5"):
        time.sleep(60)
    if name.endswith("crash.h5"):
        os.abort()
    print(json.dumps(""), flush=True)
"""


@pytest.fixture
def process():
    """A process of its own, ended after the test."""
    process = hdf5_probe._Process()
    yield process
    process.end()


def test_a_file_that_hangs_or_crashes_the_library_is_refused(process, tmp_path, monkeypatch):
    """The next file is read by a new process."""
    monkeypatch.setattr(hdf5_probe, "SERVE", STAND_IN)
    monkeypatch.setattr(hdf5_probe, "READ_SECONDS", 2.0)
    for name in ("fine.h5", "hang.h5", "crash.h5"):
        (tmp_path / name).touch()
    process.check(tmp_path / "fine.h5")
    with pytest.raises(DataError, match="finds no end in it in 2 s"):
        process.check(tmp_path / "hang.h5")
    process.check(tmp_path / "fine.h5")
    with pytest.raises(DataError, match=r"crashes on it \(-6\)"):
        process.check(tmp_path / "crash.h5")
    process.check(tmp_path / "fine.h5")


def test_modules_beside_foreign_files_are_not_imported(process, tmp_path, monkeypatch):
    """A module in the working folder takes no part in the reading."""
    with h5py.File(tmp_path / "fine.h5", "w") as file:
        file["x"] = [1, 2]
    (tmp_path / "h5py.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    process.check(Path("fine.h5"))
    assert not (tmp_path / "sprung").exists()


def test_everything_is_read(process, tmp_path):
    """Damage in the packed data of an array far down is found."""
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        data = np.random.default_rng(0).integers(0, 255, 10_000)
        file.create_dataset("a/b/c", data=data, chunks=(1000,), compression="gzip")
        place = file["a/b/c"].id.get_chunk_info(7).byte_offset
    process.check(path)
    content = bytearray(path.read_bytes())
    content[place : place + 8] = bytes(8)
    path.write_bytes(content)
    with pytest.raises(DataError, match="filter"):
        process.check(path)


def test_one_text_stored_once_and_met_often_is_measured(process, tmp_path):
    """Thousands of references to a megabyte of text are gigabytes."""
    path = tmp_path / "t.h5"
    with h5py.File(path, "w") as file:
        kind = h5py.string_dtype()
        texts = file.create_dataset("x", (20_000,), kind, chunks=(100,), compression="gzip")
        texts[0] = "x" * 2**20
    with h5py.File(path, "r+") as file:
        reference = zlib.decompress(file["x"].id.read_direct_chunk((0,))[1])[:16]
        for start in range(0, 20_000, 100):
            packed = zlib.compress(reference * 100)
            file["x"].id.write_direct_chunk((start,), packed)
    assert path.stat().st_size < 2**21
    with pytest.raises(DataError, match=r"it declares 1\.\d+ GiB of data in 1"):
        process.check(path)
