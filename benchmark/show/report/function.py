"""What vectors know of sets of genes, where runs were scored with ``function:NAME``."""

from collections.abc import Sequence

from genearena.benchmark.compare.bootstrap import bootstrap
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import scores_of_metric, task_headings
from genearena.benchmark.compare.summary import SECTIONS
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.overview import methods_over
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
from genearena.metrics.registry import is_of_gene_sets


def function_sheet(boards: Sequence[Leaderboard]) -> Sheet | None:
    """Lay out methods by task and gene sets, None where no run was scored with any."""
    asked = {
        (heading, metric.label): (board, metric)
        for heading, board in zip(task_headings(boards), boards, strict=True)
        for metric in board.metrics
        if is_of_gene_sets(metric.name)
    }
    if not asked:
        return None
    methods = methods_over(boards)
    methods.sort(key=lambda method: SECTIONS.index(method.section))
    return Sheet(
        title="Voting of neighbours, less the voting of degrees",
        subtitle="AUROC of the genes of a set by the votes of a gene's neighbours among them, less "
        "that by degree alone: 0 is a hub's place. Means over seeds, and 95 % intervals over "
        "donors and seeds where records have values of single donors.",
        key="function",
        labels=tuple(method.label for method in methods),
        columns=tuple(
            _column(f"{heading}: {label}", *own, [method.label for method in methods])
            for (heading, label), own in asked.items()
        ),
    )


def _column(
    heading: str, board: Leaderboard, metric: MetricColumn, labels: Sequence[str]
) -> Column:
    rows = {row.label: row for row in board.rows}
    found = bootstrap(scores_of_metric(board, metric))
    ends = dict(zip(found.methods, found.interval("headline").T, strict=True)) if found else {}
    best, entries = board.best(metric), []
    for label in labels:
        mean = rows[label].cells[metric.name].mean if label in rows else None
        text = NOTHING if mean is None else f"{mean:+.3f}"
        if label in ends:
            low, high = (number(end) for end in ends[label])
            text += f" ({low} to {high})"
        own = mean is not None and mean == best and rows[label].competes
        entries.append(Entry(text, best=own))
    return Column(heading, "scored", tuple(entries), "↑")
