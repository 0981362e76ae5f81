"""The parts on disk are the parts on offer."""

from pathlib import Path

from speed import parts
from speed.catalogue import PARTS


def test_every_file_of_parts_is_a_part():
    """And every part has a file."""
    (folder,) = parts.__path__
    files = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert files == set(PARTS)
