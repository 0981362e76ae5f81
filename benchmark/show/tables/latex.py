"""Sheets as LaTeX tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from genearena.benchmark.show.tables.sheet import Column, Entry, Group, Sheet

MOST_COLUMNS = 10
"""More do not fit a page in type that can be read: they become two tables."""
PREAMBLE = "% needs \\usepackage{booktabs,graphicx}\n"

_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{character: "\\" + character for character in "&%$#_{}"},
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
# shrunk to the width of the text if wider, never blown up
_FIT = r"\resizebox{\ifdim\width>\textwidth\textwidth\else\width\fi}{!}{%"


def to_latex(sheets: Iterable[Sheet]) -> str:
    """Write sheets as floating tables with booktabs rules, notes below the rules.

    A sheet of more than `MOST_COLUMNS` columns becomes two tables: what makes up the averages, and
    the rest.
    """
    return PREAMBLE + "\n".join(_table(part) for sheet in sheets for part in _parts(sheet))


def escape(text: str) -> str:
    """Return text with every character that LaTeX reads specially spelled out."""
    text = _MINUS.sub("\N{MINUS SIGN}", text)
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
    lines = [
        r"\begin{table*}",
        r"\centering\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\caption{{{escape(sheet.title)}. {escape(sheet.subtitle)}.}}",
        rf"\label{{tab:{sheet.key}}}",
        _FIT,
        rf"\begin{{tabular}}{{l{'r' * len(sheet.columns)}}}",
        r"\toprule",
        _line([sheet.corner, *map(_heading, sheet.columns)]),
        r"\midrule",
        *_rows(sheet),
        r"\bottomrule",
        r"\end{tabular}%",
        r"}",
        *_notes(sheet),
        r"\end{table*}",
        "",
    ]
    return "\n".join(lines)


def _rows(sheet: Sheet) -> Iterable[str]:
    for i, label in enumerate(sheet.labels):
        if sheet.begins_section(i):
            yield r"\midrule"
        name = rf"\textit{{{escape(label)}}}" if sheet.is_control(i) else escape(label)
        yield _line([name, *(_entry(column.entries[i]) for column in sheet.columns)])


def _notes(sheet: Sheet) -> list[str]:
    if not sheet.notes:
        return []
    body = [rf"{escape(note)}.\\" for note in sheet.notes]
    return [r"\begin{minipage}{\textwidth}\scriptsize\vspace{2pt}", *body, r"\end{minipage}"]


def _line(texts: Iterable[str]) -> str:
    return " & ".join(texts) + r" \\"


def _heading(column: Column) -> str:
    return escape(" ".join(filter(None, [column.heading, column.arrow + "‡" * column.flagged])))


def _entry(entry: Entry) -> str:
    value = rf"\textbf{{{escape(entry.text)}}}" if entry.best else escape(entry.text)
    # small and without the zero that all share
    spread = rf"$_{{\pm {entry.spread.removeprefix('0')}}}$" if entry.spread else ""
    # of no width, so that numbers stay below each other
    return value + spread + (r"\rlap{$^\dagger$}" if entry.flagged else "")
