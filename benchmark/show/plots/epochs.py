"""Headline and its questions against the number of epochs, where a method was run with several."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.compare.headline import QUESTIONS, headline, headline_metrics
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import INK, PAGE_INCHES, logarithmic, method_colour, title
from genearena.data.common.errors import DeclarationError
from genearena.methods.registry import METHODS

ROW = 1.25
PRESETS: Mapping[str, tuple[str, str]] = {
    "fast": ("none", "epochs of the preset fast"),
    "paper": ("full", "published epochs"),
}
"""Preset -> how its mark is filled, and what the legend says of it."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One method on one task: its rows, which differ in epochs alone, by their number."""

    label: str
    rows: Mapping[int, Row]

    @property
    def first(self) -> Row:
        """The row with the fewest epochs."""
        return next(iter(self.rows.values()))

    def values(self, board: Leaderboard, question: str) -> list[float | None]:
        """Return the answers to a question, or the headlines where it has no name."""
        rows = self.rows.values()
        if question:
            return [row.cells[question].mean if question in row.cells else None for row in rows]
        return [headline(board, row).mean for row in rows]


def from_results(boards: Sequence[Leaderboard], _: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    return epochs_figure(boards) or (
        "no method was run with two numbers of epochs; 'bench run --set METHOD.epochs=25' adds one"
    )


def curves(board: Leaderboard) -> list[Curve]:
    """Return the methods that have a headline for several numbers of epochs, all else equal."""
    found: dict[MethodKey, dict[int, Row]] = {}
    for row in board.rows:
        params = dict(row.runs.method.params)
        epochs = params.pop("epochs", None)
        if isinstance(epochs, int) and epochs > 0 and headline(board, row).mean is not None:
            key = replace(row.runs.key, params=json.dumps(params, sort_keys=True))
            found.setdefault(key, {})[epochs] = row
    several = {key: dict(sorted(rows.items())) for key, rows in found.items() if len(rows) > 1}
    names = [key.name for key in several]
    return [
        Curve(key.name if names.count(key.name) == 1 else next(iter(rows.values())).label, rows)
        for key, rows in several.items()
    ]


def epochs_figure(boards: Sequence[Leaderboard]) -> Figure | None:
    """Draw a line of panels for every task: the headline, then its questions; a line per method.

    Released variants are dashed. Triangles below the headline are the epochs of presets. None if no
    method has headlines for two numbers of epochs.
    """
    shown = {name: b for name, b in zip(task_headings(boards), boards, strict=True) if curves(b)}
    if not shown:
        return None
    labels = {m.name: m.label for board in shown.values() for m in headline_metrics(board)}
    columns = {"": "Headline"} | {name: labels[name] for name in QUESTIONS if name in labels}
    every = {curve.label: curve for board in shown.values() for curve in curves(board)}
    handles = list(_handles(every.values()))
    height = ROW * len(shown) + 0.35 + 0.14 * -(-len(handles) // 5)
    figure = Figure(figsize=(PAGE_INCHES, height), layout="constrained")
    panels = figure.subplots(len(shown), len(columns), sharex=True, sharey=True, squeeze=False)
    for line, (task, board) in zip(panels, shown.items(), strict=True):
        line[0].set_ylabel(task, fontsize=7)
        for axes, question in zip(line, columns, strict=True):
            _draw_panel(axes, board, question)
    for axes, label in zip(panels[0], columns.values(), strict=True):
        axes.set_title(label, fontsize=7, pad=3)
    panels[-1][len(columns) // 2].set_xlabel("epochs", fontsize=7, labelpad=2)
    add_legend(figure, handles, 5, 6.5)
    add_title(figure, title(list(shown.values()), "Headline by epochs"))
    return figure


def _draw_panel(axes: Axes, board: Leaderboard, question: str) -> None:
    bottom = axes.get_xaxis_transform()
    for place, curve in enumerate(curves(board)):
        known = [
            (epochs, value)
            for epochs, value in zip(curve.rows, curve.values(board, question), strict=True)
            if value is not None
        ]
        if known:
            axes.plot(*zip(*known, strict=True), **_look(curve))
        for preset, (fill, _) in PRESETS.items():
            epochs = _epochs_of(curve, preset)
            if epochs and not question:
                # one above the other, since several methods may have the same
                mark = _mark(fill, method_colour(curve.first))
                axes.plot(epochs, 0.04 + 0.05 * place, transform=bottom, **mark)
    logarithmic(axes)
    axes.axhline(0, color=INK, lw=0.6, zorder=1)
    axes.tick_params(labelsize=6)
    add_grid(axes)


def _look(curve: Curve) -> dict[str, Any]:
    style = "--" if curve.first.section == "released" else "-"
    look = {"lw": 1.0, "marker": "o", "ms": 2.2}
    return look | {"color": method_colour(curve.first), "linestyle": style}


def _mark(fill: str, colour: str) -> dict[str, Any]:
    return {"marker": "^", "ms": 4, "mew": 0.7, "fillstyle": fill, "color": colour, "ls": ""}


def _epochs_of(curve: Curve, preset: str) -> int | None:
    name = curve.first.runs.key.name
    # a record may come from elsewhere: its names are looked up, never imported
    if name not in METHODS.names:
        return None
    try:
        epochs = declared_method(name, preset).params.get("epochs")
    except DeclarationError:
        return None
    return epochs if isinstance(epochs, int) and epochs > 0 else None


def _handles(every: Iterable[Curve]) -> Iterator[Line2D]:
    for curve in every:
        yield Line2D([], [], label=curve.label, **_look(curve))
    for fill, text in PRESETS.values():
        yield Line2D([], [], label=text, **_mark(fill, INK))
