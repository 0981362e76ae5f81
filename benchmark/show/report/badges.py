"""What to know about a method before believing its numbers."""

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
    return (*_kind(rows[0]), *_origin(rows), *_training(rows[0]), *_endings(rows))


def _kind(row: Row) -> Iterator[Badge]:
    if row.runs.upper_bound:
        yield Badge("knows the truth", "a control made of it; nobody need beat it", "control")
    elif row.control:
        yield Badge("control", "sets no range and takes no rank", "control")
    elif row.section == "released":
        yield Badge("released", "as the published script runs it, bugs included", "released")
    elif row.section == "merged":
        yield Badge("no rank", "merged from elsewhere: sets no range, takes no rank", "note")
    elif row.section == "unstated":
        yield Badge("no rank", "its data are not stated: sets no range, takes no rank", "note")


def _origin(rows: Sequence[Row]) -> Iterator[Badge]:
    origins = sorted({origin for row in rows for origin in row.runs.origins})
    if origins:
        yield Badge("§ not run here", "; ".join(origins), "submitted")


def _training(row: Row) -> Iterator[Badge]:
    trained_on = row.runs.method.trained_on
    if trained_on not in ("", "nothing"):
        yield Badge("pretrained", f"trained on {trained_on}", "note")


def _endings(rows: Sequence[Row]) -> Iterator[Badge]:
    counts: dict[str, int] = {}
    for row in rows:
        for status, count in row.runs.statuses.items():
            counts[status] = counts.get(status, 0) + count
        if row.runs.missing:
            counts["missing"] = counts.get("missing", 0) + row.runs.missing
    counts.pop("ok", None)
    for ending, n in sorted(counts.items()):
        yield Badge(f"{n} {ending}", f"{n} of the runs {_VERBS[ending]}", "trouble")
