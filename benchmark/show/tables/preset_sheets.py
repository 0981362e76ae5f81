"""The two presets side by side, as tables."""

from collections.abc import Sequence

from genearena.benchmark.compare.preset_agreement import Agreement, correlation
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Sheet, column_of
from genearena.data.common.file_names import file_name


def preset_sheet(agreement: Agreement) -> Sheet:
    """Lay out one task: every entry is ``paper / fast``."""
    task, methods = agreement.task, agreement.methods
    both = [agreement.outcomes[preset] for preset in ("paper", "fast")]
    columns = [
        _column(
            metric.label,
            [[o.means[m][i] for m in methods] for o in both],
            arrow="↑" if metric.higher_is_better else "↓",
        )
        for i, metric in enumerate(agreement.metrics)
    ]
    columns.append(_column("Avg Score", [[o.scores[m] for m in methods] for o in both]))
    columns.append(_column("Avg Rank", [[o.ranks[m] for m in methods] for o in both], digits=2))
    seeds = (f"{o.seeds} seed" if o.seeds == 1 else f"{o.seeds} seeds" for o in both)
    return Sheet(
        title=f"{task.label}{': SIMULATED data' if task.simulated else ''}",
        subtitle=f"paper / fast; means over {' / '.join(seeds)}",
        key=f"presets-{file_name(task.tissue, task.source)}",
        labels=tuple(methods),
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
    heading: str, both: Sequence[Sequence[float]], *, arrow: str = "", digits: int = 3
) -> Column:
    texts = (f"{number(a, digits)} / {number(b, digits)}" for a, b in zip(*both, strict=True))
    return column_of(heading, texts, group="aggregate", arrow=arrow)
