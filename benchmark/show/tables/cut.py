"""What of a table is shown: which columns and methods, with how many digits."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
from genearena.data.common.errors import UsageError, did_you_mean

_DECIMAL = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class Cut:
    """What is shown.

    Parameters
    ----------
    columns, methods
        Headings of columns, in any case and in the order in which they are to stand, and methods;
        all where there is none.
    digits
        Decimals of numbers that have some, None for as many as they have.
    sd
        Whether standard deviations are shown.
    """

    columns: Sequence[str] = ()
    methods: Sequence[str] = ()
    digits: int | None = None
    sd: bool = True

    def sheets(self, whole: Sequence[Sheet]) -> list[Sheet]:
        """Return what is shown of sheets; those that would be empty are left out.

        Raises
        ------
        UsageError
            If a column or a method is in none of them.
        """
        self._check(
            (column.heading for sheet in whole for column in sheet.columns),
            (_label(title) for sheet in whole for title in sheet.labels),
        )
        return [cut for cut in map(self._cut, whole) if cut.labels and cut.columns]

    def rows(self, whole: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what is shown of the rows of the csv table, whose columns are its metrics.

        Raises
        ------
        UsageError
            If a metric or a method is in none of them.
        """
        headings = [str(row.get("metric_label", "")) for row in whole]
        self._check(headings, (row["label"] for row in whole))
        wanted = [name.lower() for name in self.columns]
        return [
            row
            for row, heading in zip(whole, headings, strict=True)
            if (not wanted or heading.lower() in wanted)
            and (not self.methods or row["label"] in self.methods)
        ]

    def _check(self, headings: Iterable[str], labels: Iterable[str]) -> None:
        known = {heading.lower(): heading for heading in headings}
        for name in self.columns:
            if name.lower() not in known:
                raise UsageError(f"--columns: no '{name}'; {did_you_mean(name, known.values())}")
        have = list(dict.fromkeys(labels))
        for name in self.methods:
            if name not in have:
                raise UsageError(f"--methods-shown: no '{name}'; {did_you_mean(name, have)}")

    def _cut(self, sheet: Sheet) -> Sheet:
        by_heading = {column.heading.lower(): column for column in sheet.columns}
        asked = [name.lower() for name in self.columns] or list(by_heading)
        columns = [by_heading[name] for name in asked if name in by_heading]
        left_out = [c.heading for c in sheet.columns if c not in columns]
        gone = tuple(heading + more for heading in left_out for more in (":", " and "))
        rows = [
            i
            for i, title in enumerate(sheet.labels)
            if not self.methods or _label(title) in self.methods
        ]
        notes = [note for note in sheet.notes if not note.startswith(gone)]
        if not self.sd:
            notes = [note.replace("Mean ± standard deviation", "Mean") for note in notes]
        if len(rows) < len(sheet.labels):
            notes.append(f"{len(rows)} of {len(sheet.labels)} rows; best and ranks are among all")
        return replace(
            sheet,
            labels=tuple(sheet.labels[i] for i in rows),
            sections=tuple(sheet.sections[i] for i in rows if sheet.sections),
            columns=tuple(self._column(column, rows) for column in columns),
            notes=tuple(notes),
        )

    def _column(self, column: Column, rows: Sequence[int]) -> Column:
        return replace(column, entries=tuple(self._entry(column.entries[i]) for i in rows))

    def _entry(self, entry: Entry) -> Entry:
        if not self.sd:
            entry = replace(entry, spread="", sd=None)
        if self.digits is None or entry.value is None or not _DECIMAL.fullmatch(entry.text):
            return entry
        spread = entry.spread if entry.sd is None else number(entry.sd, self.digits)
        return replace(entry, text=number(entry.value, self.digits), spread=spread)


def _label(title: str) -> str:
    return title.removesuffix(" §")
