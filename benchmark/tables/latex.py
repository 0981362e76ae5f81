"""Sheets as LaTeX tables."""

from collections.abc import Iterable

from genearena.benchmark.tables.sheet import Column, Entry, Sheet

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
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "†": r"$\dagger$",
    "‡": r"$\ddagger$",
    "§": r"\S{}",
    "·": r"$\cdot$",
}


def to_latex(sheets: Iterable[Sheet]) -> str:
    """Write sheets as floating tables with booktabs rules, notes below the rules."""
    return PREAMBLE + "\n".join(_sheet(sheet) for sheet in sheets)


def escape(text: str) -> str:
    """Return text with every character that LaTeX reads specially spelled out."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def _sheet(sheet: Sheet) -> str:
    lines = [
        r"\begin{table*}",
        r"\centering",
        rf"\caption{{{escape(sheet.title)}. {escape(sheet.subtitle)}.}}",
        rf"\label{{tab:{_key(sheet.key)}}}",
        r"\resizebox{\textwidth}{!}{%",
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
    return [r"\begin{minipage}{\textwidth}\footnotesize", *body, r"\end{minipage}"]


def _line(texts: Iterable[str]) -> str:
    return " & ".join(texts) + r" \\"


def _heading(column: Column) -> str:
    return escape(" ".join(filter(None, [column.heading, column.arrow + "‡" * column.flagged])))


def _entry(entry: Entry) -> str:
    number = escape(entry.text).replace("-0.", "$-$0.")
    value = rf"\textbf{{{number}}}" if entry.best else number
    spread = rf" $\pm$ {entry.spread}" if entry.spread else ""
    return value + spread + (r"$^\dagger$" if entry.flagged else "")


def _key(key: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in key)
