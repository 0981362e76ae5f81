"""The two presets side by side, as tables."""

from collections.abc import Sequence

from genearena.benchmark.compare.preset_agreement import Agreement, correlation
from genearena.benchmark.compare.summary import Section
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
from genearena.data.common.file_names import file_name


def preset_sheet(agreement: Agreement) -> Sheet:
    """Lay out one task: every entry is ``paper / fast``."""
    paper, fast = agreement.outcomes["paper"], agreement.outcomes["fast"]
    columns = [
        _column(
            metric.label,
            [(paper.means[m][i], fast.means[m][i]) for m in agreement.methods],
            arrow="↑" if metric.higher_is_better else "↓",
        )
        for i, metric in enumerate(agreement.metrics)
    ]
    for heading, attribute, digits in (("Avg Score", "scores", 3), ("Avg Rank", "ranks", 2)):
        values = [
            (getattr(paper, attribute)[m], getattr(fast, attribute)[m]) for m in agreement.methods
        ]
        columns.append(_column(heading, values, digits))
    section: Section = "methods"
    simulated = ": SIMULATED data" if agreement.task.simulated else ""
    return Sheet(
        title=f"{agreement.task.label}{simulated}",
        subtitle=f"paper / fast; means over {_seeds(paper.seeds)} / {_seeds(fast.seeds)}",
        key=f"presets-{file_name(agreement.task.tissue, agreement.task.source)}",
        labels=tuple(agreement.methods),
        sections=(section,) * len(agreement.methods),
        columns=tuple(columns),
        notes=(_told([agreement], "Spearman correlation of the two presets' orders"),),
    )


def overall(agreements: Sequence[Agreement]) -> str:
    """Return one sentence on all tasks together."""
    tasks = f"over {len(agreements)} tasks" if len(agreements) > 1 else "on one task"
    return _told(agreements, f"Spearman correlation of the presets' orders {tasks}")


def _told(agreements: Sequence[Agreement], what: str) -> str:
    by_rank, by_score = (correlation(agreements, kind) for kind in ("ranks", "scores"))
    return f"{what}: {number(by_rank, 2)} by Avg Rank, {number(by_score, 2)} by Avg Score."


def _column(
    heading: str, values: Sequence[tuple[float, float]], digits: int = 3, arrow: str = ""
) -> Column:
    entries = tuple(Entry(f"{number(a, digits)} / {number(b, digits)}") for a, b in values)
    return Column(heading, "aggregate", entries, arrow)


def _seeds(count: int) -> str:
    return f"{count} seed" if count == 1 else f"{count} seeds"
