"""A file is written whole or the old one stays."""

import os
from pathlib import Path

import pytest

from genearena.data.common.atomic import write_atomically
from genearena.data.common.errors import StoreError


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """A full disk in mid-write keeps what was there and leaves no debris."""
    path = tmp_path / "record.json"
    path.write_text("old")

    def fill_the_disk(temporary):
        temporary.write_text("half of the n")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left on device; free space"):
        write_atomically(path, fill_the_disk)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["record.json"]


def test_a_place_that_is_no_folder_is_one_clear_error():
    """The kernel's own error becomes the suite's, naming the path."""
    with pytest.raises(StoreError, match="cannot write"):
        write_atomically(Path("/dev/full/record.json"), Path.touch)


def test_missing_folders_are_made(tmp_path):
    """The first record of a fresh results folder needs no preparation."""
    path = tmp_path / "a" / "b" / "record.json"
    write_atomically(path, lambda temporary: temporary.write_text("new"))
    assert path.read_text() == "new"
