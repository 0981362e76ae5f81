"""Text files that unfold into more than memory holds are refused as they are read."""

import gzip

import pytest

import genearena.data.reading.formats.text as text
from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import read_whole
from genearena.data.reading.formats.text import numbered_lines
from genearena.data.reading.name_tables import read_name_table
from genearena.data.reading.readers import read_table


@pytest.mark.parametrize("packed", [True, False])
def test_text_is_given_back(packed, tmp_path):
    """Lines survive, gzipped or not, whatever the name says."""
    data = ("é\tb\r\n" * 1000).encode()
    (tmp_path / "t.txt").write_bytes(gzip.compress(data) if packed else data)
    with text.open_text(tmp_path / "t.txt", whole=True) as file:
        assert file.read().encode() == data


def test_an_endless_line_is_refused(tmp_path, monkeypatch):
    """A line beyond the limit ends the reading, in a file of any number of lines."""
    monkeypatch.setattr(text, "LONGEST_LINE", 2**20)
    (tmp_path / "t.gz").write_bytes(gzip.compress(b"a\n" + b"b" * 2**21 + b"\nc\n"))
    with pytest.raises(DataError, match=r"t.gz' cannot be read .*a line of more than 1 MiB"):
        list(numbered_lines(tmp_path / "t.gz"))
    (tmp_path / "fine.gz").write_bytes(gzip.compress(b"ab\n" * 2**20))
    assert sum(1 for _ in numbered_lines(tmp_path / "fine.gz")) == 2**20


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    """A table that unpacks beyond a part of memory is not read to its end."""

    class Small:
        total = 2**22

    monkeypatch.setattr(text.psutil, "virtual_memory", Small)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"cell,A\n" + b"c,1\n" * 2**20))
    with pytest.raises(DataError, match=r"cannot be read as csv .it unpacks to more than 1 MiB"):
        read_table(tmp_path / "t.csv.gz")
    with pytest.raises(DataError, match="unpacks to more than 1 MiB"):
        read_name_table(tmp_path / "t.csv.gz")


def test_devices_and_large_files_are_not_read_whole(tmp_path):
    """A link to a device without end and a file beyond the limit are refused unread."""
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    with pytest.raises(DataError, match="no plain file"):
        read_whole(tmp_path / "zero.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(DataError, match="has 1 TiB, want at most 128 MiB"):
        read_whole(tmp_path / "large.json")
