"""Sheets as LaTeX tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.sheet import Column, Entry, Group, Sheet

MOST_COLUMNS = 10
"""More do not fit a page in type that can be read: they become two tables."""
COLUMN = 230.0
"""Points of a journal's column: 81 mm, the narrowest."""
PREAMBLE = (
    "% needs \\usepackage{booktabs,graphicx,siunitx}\n"
    "\\sisetup{detect-weight=true,mode=text,table-align-text-post=false}\n"
)

_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{character: "\\" + character for character in "&%$#_{}"},
    "\N{WORD JOINER}": "{}",  # between hyphens that are no dash
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "\N{EN DASH}": "--",
    "…": r"\dots{}",
    "±": r"$\pm$",
    "\N{MINUS SIGN}": "$-$",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "†": r"$\dagger$",
    "‡": r"$\ddagger$",
    "§": r"\S{}",
    "·": r"$\cdot$",
}

_SCORES: frozenset[Group] = frozenset({"scored", "aggregate"})
# a hyphen before a number that nothing precedes; the one of a range is none
_MINUS = re.compile(r"(?<![\w.)])-(?=\.?\d)")
_NUMBER = re.compile(r"(-?\d+)\.(\d+)")
_GAP, _CHARACTER, _NARROW = 6.0, 4.5, 2.5
"""Points between columns and, at 8 points, of a character and of a narrow one."""
# shrunk to the width of the text if wider, never blown up
_FIT = r"\resizebox{\ifdim\width>\textwidth\textwidth\else\width\fi}{!}{%"


def to_latex(sheets: Iterable[Sheet]) -> str:
    """Write sheets as floating tables with booktabs rules, notes below the rules.

    What fits a column of a journal is set in one, at 8 points, numbers aligned by siunitx; the
    rest goes across the page. A sheet of more than `MOST_COLUMNS` columns becomes two tables: what
    makes up the averages, and the rest.
    """
    return PREAMBLE + "\n".join(_table(part) for sheet in sheets for part in _parts(sheet))


def escape(text: str) -> str:
    """Return text with every character that LaTeX reads specially spelled out."""
    text = _MINUS.sub("\N{MINUS SIGN}", text).replace("--", "-\N{WORD JOINER}-")
    return "".join(_SPECIAL.get(character, character) for character in text)


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    scores = tuple(column for column in sheet.columns if column.group in _SCORES)
    others = tuple(column for column in sheet.columns if column.group not in _SCORES)
    if not scores or not others or len(sheet.columns) <= MOST_COLUMNS:
        yield sheet
        return
    yield replace(sheet, columns=scores)
    yield replace(
        sheet,
        subtitle=f"{sheet.subtitle}. Continued: what does not count in the averages",
        key=f"{sheet.key}-continued",
        columns=others,
        notes=(),
    )


def _table(sheet: Sheet) -> str:
    narrow = _width(sheet) <= COLUMN
    float_ = "table" if narrow else "table*"
    lines = [
        rf"\begin{{{float_}}}",
        r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
        rf"\caption{{{escape(sheet.title)}. {escape(sheet.subtitle)}.}}",
        rf"\label{{tab:{sheet.key}}}",
        *([] if narrow else [_FIT]),
        rf"\begin{{tabular}}{{@{{}}l{''.join(map(_kind, sheet.columns))}@{{}}}}",
        r"\toprule",
        _line([escape(sheet.corner), *map(_heading, sheet.columns)]),
        r"\midrule",
        *_rows(sheet),
        r"\bottomrule",
        r"\end{tabular}" + ("" if narrow else "}"),
        *_notes(sheet),
        rf"\end{{{float_}}}",
        "",
    ]
    return "\n".join(lines)


def _width(sheet: Sheet) -> float:
    """Return about how many points wide a sheet is."""
    columns = [
        max(
            [_length(e.text) + 0.7 * _length(e.spread) for e in c.entries]
            + [*map(_length, _words(c))]
        )
        for c in sheet.columns
    ]
    return max(map(_length, (sheet.corner, *sheet.labels))) + sum(_GAP + width for width in columns)


def _length(text: str) -> float:
    return sum(_NARROW if character in " .,:;il|-()" else _CHARACTER for character in text)


def _kind(column: Column) -> str:
    """Return how a column is aligned: by siunitx at the point where all are numbers with one."""
    texts = [entry.text for entry in column.entries if entry.text != NOTHING]
    found = [match for match in map(_NUMBER.fullmatch, texts) if match]
    if not found or len(found) < len(texts):
        return "r"
    sign = "-" if any(text.startswith("-") for text in texts) else ""
    before = max(len(match[1].lstrip("-")) for match in found)
    after = max(len(match[2]) for match in found)
    spread = max((_spread(entry) for entry in column.entries), key=len)
    room = f",table-space-text-post={{{spread}}}" if spread else ""
    return f"S[table-format={sign}{before}.{after}{room}]"


def _rows(sheet: Sheet) -> Iterable[str]:
    kinds = list(map(_kind, sheet.columns))
    for i, label in enumerate(sheet.labels):
        if sheet.begins_section(i):
            yield r"\midrule"
        name = rf"\textit{{{escape(label)}}}" if sheet.is_control(i) else escape(label)
        entries = (column.entries[i] for column in sheet.columns)
        yield _line([name, *map(_entry, entries, kinds)])


def _notes(sheet: Sheet) -> list[str]:
    if not sheet.notes:
        return []
    body = [rf"{escape(note)}{'' if note.endswith(('.', '?')) else '.'}\\" for note in sheet.notes]
    return [r"\par\begin{minipage}{\linewidth}\scriptsize\vspace{2pt}", *body, r"\end{minipage}"]


def _line(texts: Iterable[str]) -> str:
    return " & ".join(texts) + r" \\"


def _words(column: Column) -> list[str]:
    mark = f" {column.arrow}{'‡' * column.flagged}".rstrip()
    *words, last = column.heading.split()
    return [*words, last + mark]


def _heading(column: Column) -> str:
    # one word a line, so that headings are hardly wider than the numbers below
    lines = r"\\[-2pt] ".join(map(escape, _words(column)))
    return rf"{{\shortstack[r]{{{lines}}}}}"


def _entry(entry: Entry, kind: str) -> str:
    number = kind != "r"
    # of no width, so that numbers stay below each other
    after = _spread(entry) + (r"\rlap{$^\dagger$}" if entry.flagged else "")
    if number and entry.text != NOTHING:
        value = rf"\bfseries {entry.text}" if entry.best else entry.text
        return f"{value}{{{after}}}" if after else value
    value = rf"\textbf{{{escape(entry.text)}}}" if entry.best else escape(entry.text)
    return f"{{{value}{after}}}" if number else value + after


def _spread(entry: Entry) -> str:
    # small and without the zero that all share
    return rf"$_{{\pm {entry.spread.removeprefix('0')}}}$" if entry.spread else ""
