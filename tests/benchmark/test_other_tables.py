"""The paper's Tables 3 to 13: read as printed, and what in them cannot be is found."""

import csv
from dataclasses import replace

import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import bench
from genearena.benchmark.show.paper.others import audit, other_sheet, other_tables
from genearena.benchmark.show.paper.reproduced import paper_scores

METRICS = ("ASW", "AUC", "iLISI", "GC", "CGR", "NO")


def notes(number, table=None):
    """Return the sentences of an audit."""
    return [note for _, note in audit(table or other_tables()[number])]


def changed(number, place, text):
    """Return a table with one number printed otherwise."""
    table = other_tables()[number]
    return replace(table, cells={**table.cells, place: (text, "")})


def test_every_table_from_3_to_13_is_there():
    """Each with a value in every place that is printed."""
    tables = other_tables()
    assert sorted(tables) == list(range(3, 14))
    assert len(tables[3].cells) == len(tables[4].cells) == 4 * 11
    assert len(tables[6].cells) == 2 * 11
    assert len(tables[5].rows) == 10
    assert tables[5].cells["GIN", "ASW"] == ("OOM", "")
    assert tables[5].cells["GPS", "GC"] == ("0.72", "0.03")


def test_ranks_of_four_rows_add_up_to_ten():
    """Those of PBMC in Table 3 do not; one number printed otherwise is found elsewhere too."""
    (wrong,) = [note for note in notes(3) if note.startswith("†")]
    assert wrong.startswith("† PBMC: ranks of 4 rows add up to 10")
    assert "to 17.83, and 5.67 is beyond the last rank" in wrong
    marked = {place for places, _ in audit(other_tables()[3]) for place in places}
    assert marked == {(row, "PBMC") for row in other_tables()[3].rows}
    other = changed(6, ("weights own", "Lung"), "1.83")
    assert notes(6)[0].startswith("Avg Rank is the mean")
    assert any(note.startswith("† Lung") for note in notes(6, other))


def test_averages_are_means_of_the_tissues():
    """As printed they are; another number is none."""
    assert "Avg Score is the mean over the tissues, of every row" in notes(4)
    other = changed(4, ("both terms", "Avg Score"), "0.83")
    assert "† Avg Score: the mean over tissues is another" in notes(4, other)
    assert notes(4)[1].startswith("The text's gains of 224.0% and 14.1%")


def test_table_5_is_computed_again():
    """By hand here: scaled to the worst and the best of the six that ran, and averaged."""
    table = other_tables()[5]
    ran = [row for row in table.rows if table.cells[row, "ASW"][0] != "OOM"]
    scores = dict.fromkeys(ran, 0.0)
    for metric in METRICS:
        values = {row: float(table.cells[row, metric][0]) for row in ran}
        low, high = min(values.values()), max(values.values())
        for row in ran:
            scores[row] += (values[row] - low) / (high - low) / len(METRICS)
    (note,) = [note for note in notes(5) if note.startswith("Avg Score from")]
    assert all(f"{row} {score:.3f}" in note for row, score in scores.items())
    assert any(n.startswith("TransformerConv: 0.80 is printed, its metrics can") for n in notes(5))
    other = changed(5, ("GAT", "Avg Score"), "0.27")
    assert [("GAT", "Avg Score")] in [places for places, _ in audit(other)]


def test_sizes_and_denominators():
    """Bytes of Table 7, numbers a cell of Table 12, and of how many ranks Table 13 has means."""
    assert notes(7)[0] == (
        "weights shared: 349 M numbers of 4 bytes are 1331 MiB (1333 is printed)"
    )
    assert notes(12)[4] == "GAE: 128 numbers for each of the heart's 410,048 cells"
    told = dict(note.split(": ", 1) for note in notes(13)[:6])
    counts = {name: int(text.split()[2]) for name, text in told.items()}
    assert counts == {
        "LR of encoder": 6, "InfoNCE penalty": 8, "LR of decoder": 7, "Dim": 7, "batch size": 2,
        "sample size": 8,
    }  # fmt: skip


@pytest.mark.parametrize("number", [8, 9])
def test_the_whole_model_is_that_of_the_heart(number):
    """Its row is printed twice; with another number it is not."""
    assert "is that of MuSe-GNN in Table 15" in notes(number)[0]
    first = other_tables()[number].rows[0]
    assert "is not that" in notes(number, changed(number, (first, "NO"), "0.30"))[0]


def test_what_the_paper_says_of_rows():
    """Scores as printed, ranks turned round, of metrics their scaled mean; nothing of failures."""
    assert paper_scores(other_tables()[4])["both terms"] == 0.81
    assert paper_scores(other_tables()[6])["weights own"] == -1.63
    assert paper_scores(other_tables()[8]) == {"features own": 5 / 6, "features same": 0.0}
    five = paper_scores(other_tables()[5])
    assert {row for row, score in five.items() if score != score} == {
        "GraphSAGE", "GIN", "GraphMAE", "Graphormer",
    }  # fmt: skip


def test_the_command_shows_and_exports_them(tmp_path):
    """In words of the table, and as csv in the places it prints."""
    words = ["paper", "--table", "3-13", "--out", str(tmp_path)]
    shown = CliRunner().invoke(bench, words).output
    assert all(f"Table {n}:" in shown for n in range(3, 14))
    text = CliRunner().invoke(bench, [*words, "--format", "csv"]).stdout
    rows = [r for r in csv.DictReader(text.splitlines()) if r["table"] in map(str, range(3, 14))]
    printed = sum(len(table.cells) for table in other_tables().values())
    assert len(rows) == printed
    assert {
        "table": "5",
        "method": "GPS",
        "quantity": "GC",
        "printed": "0.72",
        "sd": "0.03",
    }.items() <= next(
        r.items() for r in rows if (r["table"], r["method"], r["quantity"]) == ("5", "GPS", "GC")
    )


def test_columns_tell_what_is_better():
    """Ranks and sizes fall, scores and metrics rise, settings do neither."""
    arrows = {n: [c.arrow for c in other_sheet(t).columns] for n, t in other_tables().items()}
    assert set(arrows[3]) == set(arrows[6]) == set(arrows[7]) == set(arrows[13]) == {"↓"}
    assert set(arrows[4]) == set(arrows[8]) == {"↑"}
    assert arrows[5] == ["↑"] * 6 + ["↓", "↑"]
    assert set(arrows[10]) == {""}
