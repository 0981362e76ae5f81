"""How many factors of a tissue its clusters have: Figure 15 of the MuSe-GNN paper."""

from matplotlib.figure import Figure

from genearena.benchmark.biology.regulators.tissues import RunTissues, TissueTable
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title
from genearena.benchmark.show.plots.style import COLOURS, COLUMN_INCHES, CONTROL, INK

STARS = ((0.01, "***"), (0.05, "**"), (0.1, "*"))
"""Of p, as in the paper."""
WIDTH = 0.38


def tissue_figure(table: TissueTable, run: RunTissues) -> Figure:
    """Draw the share of factors in clusters of a tissue: its own, and those of other tissues.

    Stars are of p given which data sets have a factor, in grey of Fisher's where only that is low.
    """
    tissues = run.tissues
    width = max(COLUMN_INCHES, 0.9 + 0.5 * len(tissues))
    figure = Figure(figsize=(width, 2.2), layout="constrained")
    axes = figure.subplots()
    own = [of.found / of.members for of in tissues]
    others = [of.others_found / of.others for of in tissues]
    for values, side, colour, label in (
        (own, -1, COLOURS[0], "of the tissue"),
        (others, 1, COLOURS[1], "of other tissues"),
    ):
        places = [x + side * WIDTH / 2 for x in range(len(tissues))]
        axes.bar(places, values, width=WIDTH, color=colour, label=label)
    for x, of in enumerate(tissues):
        stars, colour = _stars(of.p_given_data), INK
        if not stars:
            stars, colour = _stars(of.p), CONTROL
        top = max(own[x], others[x])
        axes.text(x, top, stars, ha="center", va="bottom", fontsize=7, color=colour)
    names = [f"{of.tissue}\n{of.members} of {of.members + of.others}" for of in tissues]
    axes.set_xticks(range(len(tissues)), names, fontsize=6)
    axes.set_ylabel("factors in clusters of the tissue", fontsize=6.5)
    axes.tick_params(axis="y", labelsize=6)
    axes.margins(y=0.12)
    add_grid(axes, "y")
    add_title(figure, f"{table.sets.name} in clusters of {run.label}: {table.tissue}")
    handles, _ = axes.get_legend_handles_labels()
    about = "* p ≤ .1, ** ≤ .05, *** ≤ .01; grey: by the choice of genes alone"
    add_legend(figure, handles, 2, 6, title=about, title_fontsize=5.5, alignment="left")
    return figure


def _stars(p: float) -> str:
    return next((stars for level, stars in STARS if p <= level), "")
