"""Bars of progress in a notebook, whose display is made up here, and elsewhere."""

import io
import sys
from types import ModuleType

import pytest
from rich.console import Console

from genearena.data.common import bars as module
from genearena.data.common.bars import bars, watched


class Cell:
    """What a notebook gives for an output that can be replaced; it keeps what was shown."""

    def __init__(self, first):
        self.shown = [first]

    def update(self, content):
        self.shown.append(text_of(content))


def text_of(content):
    """Return what a notebook without HTML shows."""
    bundle = content._repr_mimebundle_([], [])
    assert "<pre" in bundle["text/html"]
    return bundle["text/plain"]


@pytest.fixture
def cells(monkeypatch):
    """Return the cells that are displayed."""
    found = []

    def display(content, display_id=False):
        assert display_id
        found.append(Cell(text_of(content)))
        return found[-1]

    made = ModuleType("IPython.display")
    made.display = display
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", made)
    return found


def notebook():
    """Return the console of a notebook."""
    return Console(file=io.StringIO(), force_jupyter=True)


def test_a_cell_is_drawn_over(cells, monkeypatch):
    """One output, not one for every step, and its last state is the end."""
    monkeypatch.setattr(module, "SECONDS_BETWEEN_DRAWINGS", 0.0)
    with bars(notebook()) as shown:
        bar = shown.add_task("gae", total=3, note="")
        for done in range(4):
            shown.update(bar, completed=done, note=f"loss {done}")
    (cell,) = cells
    assert len(cell.shown) == 6
    assert "loss 3" in cell.shown[-1]
    assert "gae" in cell.shown[-1]


def test_a_cell_is_not_drawn_more_often_than_anybody_can_see(cells):
    """A thousand steps in no time are a few drawings, of which the last is the end."""
    with bars(notebook()) as shown:
        bar = shown.add_task("gae", total=1000, note="")
        for done in range(1001):
            shown.update(bar, completed=done, note=str(done))
    assert len(cells[0].shown) < 60
    assert "1000" in cells[0].shown[-1]


def test_nobody_is_shown_bars_who_does_not_watch(cells):
    """In files and where it is to be quiet."""
    file = io.StringIO()
    for console in (Console(file=file), Console(file=file, force_jupyter=True, quiet=True)):
        assert not watched(console)
        with bars(console) as shown:
            bar = shown.add_task("gae", total=2, note="")
            shown.update(bar, completed=2)
    assert cells == []
    assert "gae" not in file.getvalue()
    assert watched(Console(file=file, force_terminal=True))
