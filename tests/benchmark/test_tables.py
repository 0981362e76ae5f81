"""The leaderboards as Markdown, LaTeX, csv and terminal text."""

import itertools
import math
import random
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.measure import Measurement

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import Cost, RunRecord
from genearena.benchmark.show.tables import terminal
from genearena.benchmark.show.tables.cut import Cut
from genearena.benchmark.show.tables.latex import escape, to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.numbers import (
    NOTHING,
    duration,
    number,
    seed_list,
    share,
    size,
)
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.common.errors import UsageError

Makers = Callable[..., list[RunRecord]]


@pytest.fixture(scope="module")
def boards(make_records: Makers) -> tuple[Leaderboard, ...]:
    """Return boards of two tissues."""
    return build_leaderboards(make_records() + make_records("heart", n_seeds=2))


@pytest.fixture(scope="module")
def sheet(boards: tuple[Leaderboard, ...]) -> Sheet:
    """Return the sheet of the lung board: ten seeds, failures, flags, controls."""
    return task_sheet(boards[1])


def markdown_rows(text: str) -> list[list[str]]:
    """Split the table lines of Markdown into fields."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[field.strip() for field in line.strip("|").split(" | ")] for line in lines]


def test_markdown_reads_back(boards: tuple[Leaderboard, ...], sheet: Sheet):
    """Means, spreads and bold in the Markdown table are those of the board."""
    header, _, *rows = markdown_rows(to_markdown([sheet]))
    assert [len(row) for row in rows] == [len(header)] * 13
    auc = header.index("AUC ↑ ‡")
    for row, fields in zip(boards[1].rows, rows, strict=True):
        assert fields[0].strip("*").replace("\\", "") == row.label
        cell = row.cells["edge_auc"]
        numbers = [float(x) for x in re.findall(r"\d\.\d+", fields[auc])]
        want = [cell.mean] if cell.sd is None else [cell.mean, cell.sd]
        assert numbers == pytest.approx(want, abs=5.1e-4)
    best = max(boards[1].rows[:9], key=lambda row: row.cells["edge_auc"].mean)
    bold = [fields[0] for fields in rows if fields[auc].startswith("**")]
    assert bold == [best.label]


def test_simulated_data_are_called_so(make_records: Makers):
    """Every text format says SIMULATED for simulated data, and only then."""
    for simulated in (True, False):
        sheets = [
            task_sheet(b) for b in build_leaderboards(make_records(n_seeds=1, simulated=simulated))
        ]
        for text in (to_markdown(sheets), to_latex(sheets), to_terminal(sheets)):
            assert ("SIMULATED" in text) is simulated


def test_csv_reads_back_exactly(boards: tuple[Leaderboard, ...]):
    """The csv table gives every mean, sd, scaled value and rank back to the last bit."""
    pd = pytest.importorskip("pandas")
    table = pd.read_csv(StringIO(to_csv(boards)), float_precision="round_trip")
    assert len(table) == 2 * 13 * 8
    indexed = table.set_index(["tissue", "label", "metric"])
    for board in boards:
        for row in board.rows:
            for metric in board.metrics:
                line = indexed.loc[(board.task.tissue, row.label, metric.name)]
                cell = row.cells[metric.name]
                pairs = [
                    (line["mean"], cell.mean),
                    (line["sd"], cell.sd),
                    (line["scaled"], row.scaled[metric.name]),
                    (line["rank"], row.ranks[metric.name]),
                    (line["avg_score"], row.avg_score),
                    (line["avg_rank"], row.avg_rank),
                ]
                for read, stored in pairs:
                    assert math.isnan(read) if stored is None else read == stored
    vgae = indexed.loc[("lung", "vgae", "asw")]
    assert (vgae["runs_ok"], vgae["runs_failed"], vgae["runs_expected"]) == (8, 2, 10)


def test_csv_agrees_with_pandas_groupby(boards: tuple[Leaderboard, ...], make_records: Makers):
    """Means and spreads are those of pandas over the raw runs."""
    pd = pytest.importorskip("pandas")
    raw = pd.DataFrame(
        [
            (r.method.name, name, result.value)
            for r in make_records()
            if r.status == "ok"
            for name, result in r.metrics.items()
        ],
        columns=["label", "metric", "value"],
    )
    want = raw.groupby(["label", "metric"])["value"].agg(["mean", "std"])
    table = pd.read_csv(StringIO(to_csv(boards[1:])))
    got = table.set_index(["label", "metric"])[["mean", "sd"]].sort_index()
    pd.testing.assert_frame_equal(got, want.set_axis(["mean", "sd"], axis=1))


def test_latex_is_well_formed(boards: tuple[Leaderboard, ...]):
    """Environments and braces balance, special characters are escaped, rows have all columns."""
    text = to_latex([task_sheet(board, view="minmax") for board in boards])
    stack: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([^}]*)\}", text):
        if kind == "begin":
            stack.append(name)
        else:
            assert stack.pop() == name
    assert not stack
    bare = re.sub(r"\\[{}%&_#$]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert "_" not in bare
    assert all(line.isascii() for line in text.splitlines())
    tables = re.findall(
        r"\\begin\{tabular\}\{@{}l(.*?)@{}\}\n(.*?)\\end\{tabular\}", bare, re.DOTALL
    )
    assert len(tables) == 4
    for spec, table in tables:
        rows = [line for line in table.splitlines() if "&" in line]
        assert {line.count("&") for line in rows} == {len(re.sub(r"\[.*?\]", "", spec))}
    assert r"gene\_name" in text
    # a % that is not escaped starts a comment: only at the ends of lines and in the first line
    comments = re.findall(r"(?<!\\)%(.*)", text)
    assert [c for c in comments if c] == [r" needs \usepackage{booktabs,graphicx,siunitx}"]


def test_latex_splits_what_is_too_wide_to_be_read(boards: tuple[Leaderboard, ...], sheet: Sheet):
    """The averages and what they rest on stand apart from the rest; every column is there once."""
    first, second = to_latex([sheet]).split(r"\end{table*}")[:2]
    headings = [re.search(r"Method & (.*?) \\\\", part)[1] for part in (first, second)]
    bare = [re.sub(r" ?\$.*?\$|\\shortstack\[r\]|[{}]", "", text) for text in headings]
    plain = [text.replace(r"\\[-2pt]", "").split(" & ") for text in bare]
    assert plain[0] == [*("AUC", "ASW", "GC", "iLISI", "CGR", "NO"), "Avg Score", "Avg Rank"]
    assert sorted(plain[0] + plain[1]) == sorted(column.heading for column in sheet.columns)
    labels = re.findall(r"\\label\{(.*?)\}", first + second)
    assert len(set(labels)) == len(labels) == 2
    assert to_latex([overview_sheet(boards, "score")]).count(r"\begin{table") == 1


def test_a_cut_shows_what_is_asked_for(sheet: Sheet):
    """Columns in the order asked for, methods in that of the table, numbers rounded once."""
    cut = Cut(["avg rank", "ASW"], ["pca", "random"], 1)
    (small,) = cut.sheets([sheet])
    assert [column.heading for column in small.columns] == ["Avg Rank", "ASW"]
    assert set(small.labels) == {"pca", "random"}
    whole = {c.heading: dict(zip(sheet.labels, c.entries, strict=True)) for c in sheet.columns}
    for column in small.columns:
        for label, entry in zip(small.labels, column.entries, strict=True):
            full = whole[column.heading][label]
            assert entry.text in (number(full.value, 1), NOTHING)
            assert entry.spread == ("" if full.sd is None else number(full.sd, 1))
    (bare,) = Cut(sd=False).sheets([sheet])
    assert not any(entry.spread for column in bare.columns for entry in column.entries)
    assert not any("standard deviation" in note for note in bare.notes)
    assert Cut().sheets([sheet]) == [sheet]


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (Cut(["AWS"]), "--columns: no 'AWS'; did you mean 'ASW'"),
        (Cut(methods=["pcaa"]), "--methods-shown: no 'pcaa'; did you mean 'pca'"),
    ],
)
def test_a_cut_says_what_there_is(cut: Cut, message: str, boards, sheet: Sheet):
    """For sheets and the csv alike."""
    with pytest.raises(UsageError, match=message):
        cut.sheets([sheet])
    with pytest.raises(UsageError, match=message):
        to_csv(boards, cut=cut)


def test_the_csv_is_cut_by_metric_and_method(boards: tuple[Leaderboard, ...]):
    """Rows are those of the whole table."""
    whole = to_csv(boards).splitlines()
    small = to_csv(boards, cut=Cut(["asw", "auc"], ["pca"])).splitlines()
    assert len(small) == 1 + 2 * 2
    assert set(small) < set(whole)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX")
@pytest.mark.parametrize(
    ("cut", "narrow"),
    [
        (Cut(), False),
        (Cut(["AUC", "ASW", "Avg Rank"]), True),
        (Cut(["AUC", "CGR"], sd=False), True),
    ],
)
def test_latex_is_set_within_its_column(
    boards: tuple[Leaderboard, ...], cut: Cut, narrow: bool, tmp_path: Path
):
    """LaTeX has no error, and nothing is wider than a column, or the page for wide tables."""
    overview = overview_sheet(boards, "score")
    text = to_latex(cut.sheets([*map(task_sheet, boards), *([] if cut.columns else [overview])]))
    assert (r"\begin{table}" in text) >= narrow
    assert (r"\begin{table*}" in text) is not narrow
    (tmp_path / "tables.tex").write_text(
        r"\documentclass[twocolumn]{article}\usepackage{booktabs,graphicx,siunitx}"
        rf"\begin{{document}}{text}\end{{document}}"
    )
    done = subprocess.run(
        ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "Overfull" not in done.stdout


def test_latex_has_one_minus_sign():
    """Whatever the size of a number and wherever it stands, its sign is a minus and no hyphen."""
    texts = ("-0.19", "-1.35", "+0.12 (-.3 to 10)", "random -12, a-1, 0-9, s-0.5 (x=-1)")
    assert [escape(text) for text in texts] == [
        "$-$0.19",
        "$-$1.35",
        "+0.12 ($-$.3 to 10)",
        "random $-$12, a-1, 0-9, s-0.5 (x=$-$1)",
    ]
    assert escape("--view") == "-{}-view"


def test_latex_escapes():
    """Characters LaTeX reads specially come out as commands."""
    assert escape("a_b 5% {x} \\ ~^&#$") == (
        r"a\_b 5\% \{x\} \textbackslash{} \textasciitilde{}\textasciicircum{}\&\#\$"
    )


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 240])
def test_terminal_keeps_to_the_width(boards: tuple[Leaderboard, ...], sheet: Sheet, width: int):
    """No line is wider than asked, no row wraps, and every number is there at every width."""
    text = to_terminal([sheet], width=width)
    assert max(map(len, text.splitlines())) <= width
    for row in boards[1].rows:
        lines = [line for line in text.splitlines() if line.startswith(f" {row.label} ")]
        shown = " ".join(lines)
        for cell in row.cells.values():
            assert number(cell.mean) in shown
        assert f"{len(row.runs.finished)}/10" in shown
    assert ("±" in text.split("\n·")[0]) is (width >= 120)


def test_terminal_colour_adds_only_escapes(sheet: Sheet):
    """Coloured output differs from plain output in escape sequences alone."""
    plain = to_terminal([sheet], width=120)
    coloured = to_terminal([sheet], width=120, colour=True)
    assert coloured != plain
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [x.rstrip() for x in stripped.splitlines()] == plain.splitlines()


def test_no_cost_bytes_depend_on_scores_alone(make_records: Makers):
    """Without costs, other times, clocks and orders of runs give the same bytes."""
    first = make_records(n_seeds=3)
    later = [
        record.model_copy(
            update={
                "created": f"2025-01-01T00:00:{i % 60:02d}+00:00",
                "cost": Cost(fit_seconds=i, peak_rss_bytes=i),
            }
        )
        for i, record in enumerate(first)
    ]
    random.Random(0).shuffle(later)
    boards, again = build_leaderboards(first), build_leaderboards(later)
    assert to_csv(boards, cost=False) == to_csv(again, cost=False)
    for write in (to_markdown, to_latex, to_terminal):
        sheets, repeated = ([task_sheet(b, cost=False) for b in bs] for bs in (boards, again))
        assert write(sheets) == write(repeated)
    assert to_csv(boards) != to_csv(again)


def test_overview_means(boards: tuple[Leaderboard, ...]):
    """The overview holds each task's average and their mean, best first, controls last."""
    sheet = overview_sheet(boards, "score")
    assert [c.heading for c in sheet.columns] == ["Mean", "heart", "lung"]
    scores = [{row.label: row.avg_score for row in board.rows} for board in boards]
    for i, label in enumerate(sheet.labels):
        mean = statistics.fmean([scores[0][label], scores[1][label]])
        want = [number(x, 2) for x in (mean, scores[0][label], scores[1][label])]
        assert [c.entries[i].text for c in sheet.columns] == want
    # of giant one seed of ten finished on lung
    assert sheet.sections == ("methods",) * 8 + ("unfinished",) + ("controls",) * 4
    assert sheet.labels[8] == "giant"
    means = [float(e.text) for e in sheet.columns[0].entries[:8]]
    assert means == sorted(means, reverse=True)


def test_overview_rank_has_no_controls(boards: tuple[Leaderboard, ...]):
    """The overview of ranks lists the methods alone, lowest mean first."""
    sheet = overview_sheet(boards, "rank")
    assert len(sheet.labels) == 9
    means = [float(e.text) for e in sheet.columns[0].entries[:8]]
    assert sheet.columns[0].entries[8].text == NOTHING
    assert f"{NOTHING} giant: no mean, nothing on lung (takes no rank)" in sheet.notes
    assert means == sorted(means)


def test_overview_without_a_result_has_no_mean(make_record: Callable[..., RunRecord]):
    """A method that lacks a task is shown without a mean, which a note explains."""
    records = [make_record(m, {"asw": v}, tissue="lung") for m, v in [("pca", 0.1), ("gae", 0.9)]]
    records += [make_record(m, {"asw": v}, tissue="heart") for m, v in [("pca", 0.2), ("mae", 0.5)]]
    sheet = overview_sheet(build_leaderboards(records), "score")
    means = dict(zip(sheet.labels, (e.text for e in sheet.columns[0].entries), strict=True))
    assert means == {"pca": "0.00", "gae": NOTHING, "mae": NOTHING}
    assert sheet.notes


def test_numbers():
    """Numbers print with fixed digits, in the unit that suits, and never as negative zero."""
    assert [number(x) for x in (0.12345, -0.0001, None)] == ["0.123", "0.000", NOTHING]
    assert [share(x) for x in (1.0, 0.99999, 0.5, None)] == ["100 %", "99.9 %", "50.0 %", NOTHING]
    assert [duration(x) for x in (0.01, 3, 600, 7200)] == ["<0.1 s", "3.0 s", "10.0 min", "2.0 h"]
    assert duration(None) == NOTHING
    assert [size(x) for x in (5_000_000, 2_500_000_000, 0, None)] == [
        "5 MB",
        "2.5 GB",
        NOTHING,
        NOTHING,
    ]
    assert seed_list((0, 1, 2, 5, 7, 8)) == "0-2, 5, 7-8"


def test_least_width_is_what_rich_finds(sheet: Sheet):
    """Whatever columns a table has, with and without standard deviations."""
    console = Console(width=200)
    unbounded = console.options.update(max_width=10_000)
    for spread, n in itertools.product((True, False), range(len(sheet.columns) + 1)):
        columns = sheet.columns[:n]
        table = terminal._table(sheet, columns, spread)
        found = Measurement.get(console, unbounded, table).minimum
        assert terminal.least_width(sheet, columns, spread) == found
