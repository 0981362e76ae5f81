"""What CS-CORE makes of simulated counts: false edges, and power by true correlation."""

import warnings
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.show.plots.panels import add_grid, add_title
from genearena.benchmark.show.plots.style import COLOURS, INK
from genearena.data.options import ALPHA
from genearena.data.simulation.validation import BINS, PairCalls

KINDS = (
    (False, "true", "no programmes\ntrue depth"),
    (False, "total", "no programmes\ntotal counts"),
    (True, "true", "programmes\ntrue depth"),
    (True, "total", "programmes\ntotal counts"),
)
"""The settings from the ideal one to that of the graphs: programmes, depth, label."""


def simulator_figure(calls: Sequence[PairCalls], *, alpha: float = ALPHA) -> Figure:
    """Draw the rate of false edges of every sample, and the power by true correlation.

    Calls are what `validate_simulator` yields for one tissue, alpha the level the edges were drawn
    at.
    """
    figure = Figure(figsize=(9.5, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_false_edges(left, calls, alpha)
    _draw_power(right, calls, alpha)
    tissue = calls[0].tissue
    seeds = len({call.seed for call in calls})
    heading = f"Simulated {tissue}: CS-CORE against the truth, {seeds} seed{'s' * (seeds > 1)}"
    add_title(figure, heading, fontsize=10, weight="bold")
    return figure


def _draw_false_edges(axes: Axes, calls: Sequence[PairCalls], alpha: float) -> None:
    modalities = _modalities(calls)
    for position, (programmes, depth, _) in enumerate(KINDS):
        for i, modality in enumerate(modalities):
            chosen = _chosen(calls, programmes, depth, modality)
            rates = [100 * call.false_edge_rate for call in chosen]
            # side by side in order of seed, so that equal points stay visible
            middle = position + 0.26 * (i - (len(modalities) - 1) / 2)
            place = middle + np.linspace(-0.09, 0.09, len(rates))
            axes.scatter(place, rates, s=9, color=COLOURS[i], edgecolors="white", lw=0.3, zorder=3)
    axes.axhline(100 * alpha, color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.annotate(
        f"level {100 * alpha:g} %",
        (3.45, 100 * alpha),
        (0, -3),
        ha="right",
        va="top",
        textcoords="offset points",
    )
    axes.set_xticks(range(len(KINDS)), [label for _, _, label in KINDS])
    axes.set_xlim(-0.5, len(KINDS) - 0.5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("edges among independent genes (%)")
    axes.set_title("False edges, one point per sample", loc="left")
    add_grid(axes, "y")


def _draw_power(axes: Axes, calls: Sequence[PairCalls], alpha: float) -> None:
    middle = (np.array(BINS[1:]) + np.array(BINS[:-1])) / 2
    for i, modality in enumerate(_modalities(calls)):
        for depth, dashes in (("total", "-"), ("true", (0, (2, 2)))):
            powers = np.array([c.power() for c in _chosen(calls, True, depth, modality)])
            low, mean, high = _summary(100 * powers)
            label = f"{modality}, {'total counts' if depth == 'total' else 'true depth'}"
            axes.plot(middle, mean, ls=dashes, color=COLOURS[i], lw=1.3, label=label)
            if depth == "total":
                axes.fill_between(middle, low, high, color=COLOURS[i], alpha=0.18, lw=0)
    axes.axhline(100 * alpha, color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.set_xlim(0, BINS[-1])
    axes.set_ylim(0, 101)
    axes.set_xlabel("true correlation |r| of latent expression")
    axes.set_ylabel("pairs found (%)")
    axes.set_title("Power, mean and range over samples", loc="left")
    axes.legend(frameon=False, loc="lower right")
    add_grid(axes, "y")


def _modalities(calls: Sequence[PairCalls]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call.modality for call in calls))


def _chosen(
    calls: Sequence[PairCalls], programmes: bool, depth: str, modality: str
) -> list[PairCalls]:
    wanted = (programmes, depth, modality)
    return [call for call in calls if (call.programmes, call.depth, call.modality) == wanted]


def _summary(powers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with warnings.catch_warnings():
        # a bin too empty in every sample stays nan and is not drawn
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmin(powers, 0), np.nanmean(powers, 0), np.nanmax(powers, 0)
