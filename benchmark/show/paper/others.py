"""The paper's Tables 3 to 13: what they print, and what in them cannot be."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from genearena.benchmark.show.paper.published import CITATION, TissueTables, published
from genearena.benchmark.show.paper.recompute import HALF_STEP, recompute
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
from genearena.data.common.errors import StoreError

TITLES: Mapping[int, str] = {
    3: "Avg Rank without terms of the loss",
    4: "Avg Score without terms of the loss",
    5: "graph networks, heart",
    6: "Avg Rank with and without shared weights",
    7: "size with and without shared weights",
    8: "with and without features, heart",
    9: "with and without weighted similarity, heart",
    10: "settings searched",
    11: "settings of MuSe-GNN",
    12: "trained parameters",
    13: "Avg Rank by setting of MuSe-GNN",
}
FALLING = ("Avg Rank", "MB", "parameters (M)", "s per epoch")
"""Columns of which lower is better."""
HEART_CELLS = 410_048
"""Of the fifteen heart data sets, as the notebook published with the paper prints their shapes."""
_DUST = 1e-9


@dataclass(frozen=True)
class OtherTable:
    """One of Tables 3 to 13: (row, column) -> number and standard deviation as printed."""

    number: int
    cells: Mapping[tuple[str, str], tuple[str, str]]

    @property
    def rows(self) -> tuple[str, ...]:
        """What is compared."""
        return tuple(dict.fromkeys(row for row, _ in self.cells))

    @property
    def columns(self) -> tuple[str, ...]:
        """What by."""
        return tuple(dict.fromkeys(column for _, column in self.cells))

    def value(self, row: str, column: str) -> float:
        """Return a printed number, NaN where there is none."""
        text, _ = self.cells.get((row, column), ("", ""))
        try:
            return float(text)
        except ValueError:
            return float("nan")


@cache
def other_tables() -> Mapping[int, OtherTable]:
    """Read the printed tables.

    Raises
    ------
    StoreError
        If the file is missing from the installation or is not what was shipped.
    """
    cells: dict[int, dict[tuple[str, str], tuple[str, str]]] = {}
    try:
        folder = files("genearena.benchmark.show.paper") / "tables"
        for row in csv.DictReader((folder / "others.csv").read_text("utf-8").splitlines()):
            place = row["row"], row["column"]
            cells.setdefault(int(row["table"]), {})[place] = row["value"], row["sd"]
    except (OSError, KeyError, ValueError) as error:
        raise StoreError(
            f"the published tables are missing or damaged ({error}); install genearena again"
        ) from error
    return {number: OtherTable(number, own) for number, own in cells.items()}


def other_sheet(table: OtherTable) -> Sheet:
    """Lay out one of Tables 3 to 13 as printed, with what is wrong in it marked and named."""
    found = list(audit(table))
    wrong = {place for places, _ in found for place in places}
    columns = []
    for column in table.columns:
        entries = []
        for row in table.rows:
            text, sd = table.cells.get((row, column), ("", ""))
            entries.append(Entry(text, spread=sd, flagged=(row, column) in wrong))
        numbers = [v for row in table.rows if not np.isnan(v := table.value(row, column))]
        arrow = "" if not numbers or table.number in (10, 11, 12) else "↑"
        if column in FALLING or table.number in (3, 6):
            arrow = arrow and "↓"
        columns.append(Column(column, "scored", tuple(entries), arrow))
    return Sheet(
        title=f"Table {table.number}: {TITLES[table.number]}, as printed",
        subtitle=CITATION,
        key=f"paper-{table.number}",
        labels=table.rows,
        columns=tuple(columns),
        notes=tuple(note for _, note in found),
        corner="Setting" if table.number in (10, 11, 13) else "Method",
    )


Places = list[tuple[str, str]]


def audit(table: OtherTable) -> Iterator[tuple[Places, str]]:
    """Yield what is wrong with a table, or follows from it: the places, and a sentence."""
    if table.number in (3, 6):
        yield from _rank_sums(table)
    if table.number in (3, 4, 6):
        yield from _averages(table)
    if table.number == 4:
        yield from _gains(table)
    if table.number == 5:
        yield from _models(table)
    if table.number == 7:
        yield from _sizes(table)
    if table.number in (8, 9):
        yield from _same_as_heart(table)
    if table.number == 12:
        yield from _parameters(table)
    if table.number == 13:
        yield from _denominators(table)


def _tissues(table: OtherTable) -> list[str]:
    return [column for column in table.columns if not column.startswith("Avg")]


def _rank_sums(table: OtherTable) -> Iterator[tuple[Places, str]]:
    n = len(table.rows)
    for tissue in _tissues(table):
        ranks = [table.value(row, tissue) for row in table.rows]
        if abs(sum(ranks) - n * (n + 1) / 2) > n * HALF_STEP + _DUST:
            listed = ", ".join(f"{rank:.2f}" for rank in ranks)
            over = f", and {max(ranks):.2f} is beyond the last rank" if max(ranks) > n else ""
            yield (
                [(row, tissue) for row in table.rows],
                f"† {tissue}: ranks of {n} rows add up to {n * (n + 1) / 2:g}, these ({listed}) to "
                f"{sum(ranks):.2f}{over}: they are of another comparison, and enter the averages",
            )


def _averages(table: OtherTable) -> Iterator[tuple[Places, str]]:
    average = table.columns[-1]
    wrong = []
    for row in table.rows:
        mean = np.mean([table.value(row, tissue) for tissue in _tissues(table)])
        if abs(mean - table.value(row, average)) > 2 * HALF_STEP + _DUST:
            wrong.append((row, average))
    if wrong:
        yield wrong, f"† {average}: the mean over tissues is another"
    else:
        yield [], f"{average} is the mean over the tissues, of every row"


def _gains(table: OtherTable) -> Iterator[tuple[Places, str]]:
    none, similarity, _, both = (table.value(row, "Avg Score") for row in table.rows)
    yield (
        [],
        f"The text's gains of {both / none - 1:.1%} and {both / similarity - 1:.1%} are ratios of "
        "average scores, which have no natural zero: min-max scaled over four variants, each is "
        "0 where it is the worst",
    )


def _models(table: OtherTable) -> Iterator[tuple[Places, str]]:
    ran = tuple(row for row in table.rows if not np.isnan(table.value(row, "ASW")))
    metrics = table.columns[:6]

    def matrix(part: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        return np.array([[float(table.cells[row, m][part]) for m in metrics] for row in ran])

    score, rank = (
        np.array([table.value(row, c) for row in ran]) for c in ("Avg Score", "Avg Rank")
    )
    tables = TissueTables(table.number, "Heart", ran, metrics, matrix(0), matrix(1), score, rank)
    part = recompute(tables, "avg_score")
    wrong = [(ran[i], "Avg Score") for i in np.flatnonzero(~part.explained)]
    values = ", ".join(f"{m} {v:.3f}" for m, v in zip(ran, part.ours, strict=True))
    yield wrong, f"Avg Score from the printed metrics, scaled over the six that ran: {values}"
    for i in np.flatnonzero(part.explained & (np.abs(part.ours - part.printed) > HALF_STEP)):
        yield (
            [],
            f"{ran[i]}: {part.printed[i]:.2f} is printed, its metrics can give "
            f"{part.low[i]:.3f} to {part.high[i]:.3f}",
        )
    yield (
        [],
        f"Ranks add up to {rank.sum():.2f}: those of six. What ran out of memory has the rank 7 "
        "and the score 0, which no metric says",
    )


def _sizes(table: OtherTable) -> Iterator[tuple[Places, str]]:
    for row in table.rows:
        numbers, size = table.value(row, "parameters (M)"), table.value(row, "MB")
        yield (
            [],
            f"{row}: {numbers:g} M numbers of 4 bytes are {numbers * 4e6 / 2**20:.0f} MiB "
            f"({size:g} is printed)",
        )


def _same_as_heart(table: OtherTable) -> Iterator[tuple[Places, str]]:
    heart = next(t for t in published() if t.tissue == "Heart")
    own = heart.mean[heart.methods.index("MuSe-GNN")]
    first = [table.value(table.rows[0], metric) for metric in heart.metrics]
    same = "is" if np.allclose(own, first) else "is not"
    yield [], f"The row '{table.rows[0]}' {same} that of MuSe-GNN in Table {heart.table} (heart)"


def _parameters(table: OtherTable) -> Iterator[tuple[Places, str]]:
    for row in table.rows:
        per_cell = table.value(row, "parameters (M)") * 1e6 / HEART_CELLS
        yield [], f"{row}: {per_cell:.0f} numbers for each of the heart's {HEART_CELLS:,} cells"
    yield (
        [],
        "A first layer of 128 columns has 128 a cell (GAE, the encoder of MAE), with an expression "
        "decoder 256 (WSMAE, whose published script decodes edges), an attention layer 512 (VGAE, "
        "whose script has a convolution of 128). MuSe-GNN's network has 512 a cell and decoders of "
        "3 million a graph, 255 million on heart: the rows are of different models, or data",
    )


def _denominators(table: OtherTable) -> Iterator[tuple[Places, str]]:
    groups: dict[str, list[float]] = {}
    for row in table.rows:
        groups.setdefault(row.rpartition(" ")[0], []).append(table.value(row, "Avg Rank"))
    for name, ranks in groups.items():
        fits = [k for k in range(1, 13) if all(_is_mean_of(rank, k) for rank in ranks)]
        text = f"{name}: means of {fits[0]} ranks, or a multiple" if fits else f"{name}: no means"
        n = len(ranks)
        if sum(ranks) < n * (n + 1) / 2 - n * HALF_STEP - _DUST:
            text += (
                f"; they add up to {sum(ranks):.2f}, not {n * (n + 1) / 2:g}: equal values had the "
                "best of their ranks"
            )
        yield [], text
    yield (
        [],
        "Means of 6, 7 and 8 ranks: more than the six metrics were used in part, so that nothing "
        "here can be computed again; a batch is the whole graph, its size the number of epochs",
    )


def _is_mean_of(rank: float, count: int) -> bool:
    """Whether a printed rank is a mean of so many whole ranks."""
    return abs(round(rank * count) / count - rank) <= HALF_STEP + _DUST
