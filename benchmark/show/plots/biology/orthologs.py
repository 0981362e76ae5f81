"""How many orthologs share a cluster: Figure 18 of the MuSe-GNN paper, beside how near they are."""

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.biology.orthology.species import SpeciesTable
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title
from genearena.benchmark.show.plots.style import COLOURS, CONTROL, INK, PAGE_INCHES

OWN, ALIKE, RANDOM = COLOURS[0], COLOURS[1], CONTROL


def ortholog_figure(table: SpeciesTable) -> Figure:
    """Draw for every row the share of orthologs in one cluster, and the areas, with intervals."""
    order = sorted(table.rows, key=lambda row: (row.control, -row.found.area.mean()))
    rows = [row for row in order if not row.apart]
    figure = Figure(figsize=(PAGE_INCHES, 1.0 + 0.17 * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    panels = (
        (left, (("same_random", RANDOM, "|"), ("same_like", ALIKE, "|"), ("same", OWN, "o"))),
        (right, (("area_like", ALIKE, "o"), ("area", OWN, "o"))),
    )
    for axes, quantities in panels:
        for name, colour, marker in quantities:
            for place, row in enumerate(rows):
                mean = row.mean(name)
                if mean is None:
                    continue
                if marker == "o":
                    axes.plot([mean.low, mean.high], [place, place], color=colour, lw=1.2)
                axes.plot(mean.value, place, marker, color=colour, ms=4 if marker == "o" else 9)
        add_grid(axes, "x")
        axes.tick_params(labelsize=6)
    right.axvline(0.5, color=INK, lw=0.6, ls=":")
    left.set_yticks(range(len(rows)), [row.label for row in rows], fontsize=6.5)
    left.invert_yaxis()
    left.set_xlabel("share of pairs in one cluster", fontsize=6.5)
    right.set_xlabel("share of other genes that are less similar", fontsize=6.5)
    handles = [
        Line2D([], [], marker="o", color=OWN, ms=4, label="orthologs, 95 % interval"),
        Line2D([], [], marker="|", ls="", color=RANDOM, ms=8, label="random pairs"),
        Line2D([], [], marker="|", ls="", color=ALIKE, ms=8, label="pairs of like genes"),
        Line2D([], [], marker="o", color=ALIKE, ms=4, label="among like genes"),
    ]
    add_legend(figure, handles, len(handles), 6)
    first, second = table.asked.species
    about = f"{table.asked.n_pairs} orthologs of {first} and {second}"
    add_title(figure, f"{about}: {table.tissue} ({table.source})")
    return figure
