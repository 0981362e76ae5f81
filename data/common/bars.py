"""Bars of progress where somebody watches: on a terminal, or in the cell of a notebook."""

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

SECONDS_BETWEEN_DRAWINGS = 0.1


def watched(console: Console) -> bool:
    """Return whether somebody sees what is drawn anew in place."""
    return not console.quiet and (console.is_terminal or console.is_jupyter)


def bars(console: Console) -> Progress:
    """Return bars with a description before and a `note` behind; unseen where nobody watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[note]}"),
    )
    if console.is_jupyter and watched(console):
        return _CellBars(*columns, console=console)
    return Progress(*columns, console=console, disable=not watched(console))


class _CellBars(Progress):
    """Bars that redraw the output of a cell; those of rich want ipywidgets, which few have."""

    _cell: Any = None
    _drawn = 0.0

    def start(self) -> None:
        from IPython.display import display

        self._cell = display(self, display_id=True)

    def update(self, *task: Any, **changed: Any) -> None:
        super().update(*task, **changed)
        if time.monotonic() - self._drawn >= SECONDS_BETWEEN_DRAWINGS:
            self._draw()

    def stop(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._cell is not None:
            self._cell.update(self)
            self._drawn = time.monotonic()
