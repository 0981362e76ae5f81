"""What to know about a method before believing its numbers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from genearena.benchmark.compare.leaderboard import Row

_VERBS: Mapping[str, str] = {
    "failed": "failed",
    "timeout": "took too long",
    "oom": "ran out of memory",
    "skipped": "were skipped",
    "missing": "are not done yet",
}


class Badge(NamedTuple):
    """A word beside a row's name, with its explanation."""

    text: str
    remark: str
    kind: str


def badges(rows: Sequence[Row]) -> tuple[Badge, ...]:
    """Return the badges of one method over the tasks it was run on."""
    found = [*_kind(rows[0])]
    if origins := sorted({origin for row in rows for origin in row.runs.origins}):
        found.append(Badge("§ not run here", "; ".join(origins), "submitted"))
    trained_on = rows[0].runs.method.trained_on
    if trained_on not in ("", "nothing"):
        found.append(Badge("pretrained", f"trained on {trained_on}", "note"))
    endings: Counter[str] = Counter()
    for row in rows:
        endings.update(run.status for run in row.runs.runs)
        endings["missing"] += row.runs.missing
    troubles = (e for e in sorted(endings) if e != "ok" and endings[e])
    found += (
        Badge(f"{endings[e]} {e}", f"{endings[e]} of the runs {_VERBS[e]}", "trouble")
        for e in troubles
    )
    return tuple(found)


def _kind(row: Row) -> Iterator[Badge]:
    if row.runs.upper_bound:
        yield Badge("knows the truth", "a control made of it; nobody need beat it", "control")
    elif row.control:
        yield Badge("control", "sets no range and takes no rank", "control")
    elif row.section == "released":
        yield Badge("released", "as the published script runs it, bugs included", "released")
    elif row.section == "unfinished":
        yield Badge("no rank", "fewer than half of its seeds finished", "note")
    elif row.section == "merged":
        yield Badge("no rank", "merged from elsewhere: sets no range, takes no rank", "note")
    elif row.section == "unstated":
        yield Badge("no rank", "its data are not stated: sets no range, takes no rank", "note")
