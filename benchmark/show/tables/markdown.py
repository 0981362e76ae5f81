"""Sheets as Markdown tables."""

from collections.abc import Iterable

from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet


def to_markdown(sheets: Iterable[Sheet]) -> str:
    """Write sheets as GitHub-flavoured Markdown; controls are in italics, the best in bold."""
    return "\n".join(_sheet(sheet) for sheet in sheets)


def _sheet(sheet: Sheet) -> str:
    headings = [sheet.corner, *map(_heading, sheet.columns)]
    lines = [f"## {_escape(sheet.title)}", "", _escape(sheet.subtitle), "", _line(headings)]
    lines.append(_line(["---"] + ["---:"] * len(sheet.columns)))
    for i, label in enumerate(sheet.labels):
        name = f"*{_escape(label)}*" if sheet.is_control(i) else _escape(label)
        lines.append(_line([name, *(_entry(column.entries[i]) for column in sheet.columns)]))
    notes = [f"- {_escape(note)}" for note in sheet.notes]
    return "\n".join([*lines, "", *notes, *([""] if notes else [])])


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _heading(column: Column) -> str:
    return " ".join(filter(None, [_escape(column.heading), column.arrow, "‡" * column.flagged]))


def _entry(entry: Entry) -> str:
    value = f"**{entry.text}**" if entry.best else entry.text
    spread = f" ± {entry.spread}" if entry.spread else ""
    return value + spread + (" †" if entry.flagged else "")


def _escape(text: str) -> str:
    for character in "\\|*_<`[":
        text = text.replace(character, "\\" + character)
    return text
