"""What a method more changes, byte by byte: what depends on it, and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import Origin, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.boxplot import boxplot
from genearena.benchmark.show.plots.heatmap import heatmap
from genearena.benchmark.show.plots.style import figure_style, save_figure
from genearena.benchmark.show.report.page import report_page
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.tidy import to_csv

Maker = Callable[..., RunRecord]
VALUES = {"pca": (0.2, 0.7), "gae": (0.8, 0.3), "random": (0.1, 0.4)}
UNSTATED = Origin(kind="submitted", by="a lab", data_stated=False)


def runs(make_record: Maker, tissue: str, values: dict[str, tuple[float, float]]):
    """Return two seeds of every method on a tissue."""
    return [
        make_record(name, {"asw": a + 0.01 * s, "cgr": b - 0.02 * s}, tissue=tissue, seed=s)
        for name, (a, b) in values.items()
        for s in (0, 1)
    ]


@pytest.fixture
def before(make_record: Maker) -> list[RunRecord]:
    """Return the records of three methods on two tissues."""
    return runs(make_record, "lung", VALUES) + runs(make_record, "liver", VALUES)


@pytest.mark.parametrize("origin", [None, UNSTATED])
def test_what_does_not_compete_changes_no_other_line(
    origin: Origin | None, before: list[RunRecord], make_record: Maker
):
    """A released variant, and vectors of unstated data, leave all other numbers alone."""
    name = "gae:released" if origin is None else "theirs"
    more = [
        run.model_copy(update={"origin": origin})
        for run in runs(make_record, "lung", {name: (0.99, 0.01)})
    ]
    old, new = (to_csv(build_leaderboards(r)).splitlines() for r in (before, before + more))
    added = [line for line in new if f",{name},{name}," in line]
    assert [line for line in new if line not in added] == old
    assert len(added) == 2


def test_vectors_of_unstated_data_take_no_rank(before: list[RunRecord], make_record: Maker):
    """Scores they have, on the methods' scale, below them and with the reason."""
    more = runs(make_record, "lung", {"theirs": (0.99, 0.01)})
    more = [run.model_copy(update={"origin": UNSTATED}) for run in more]
    board = build_leaderboards(before + more)[1]
    row = board.rows[2]
    assert (row.title, row.section, row.avg_rank) == ("theirs §", "unstated", None)
    assert row.avg_score is not None
    assert set(row.ranks.values()) == {None}
    sheet = task_sheet(board)
    assert not any(column.entries[2].best for column in sheet.columns)
    assert any("do not say which data they were made from" in note for note in sheet.notes)
    assert any("theirs (submitted by a lab, data not stated)" in note for note in sheet.notes)


def test_a_competitor_changes_ranks_and_scales_of_its_tissue_only(
    before: list[RunRecord], make_record: Maker
):
    """Raw means of others stay; so does every byte of the other tissue's table."""
    after = before + runs(make_record, "lung", {"mae": (0.9, 0.9)})
    tables = []
    for records in (before, after):
        boards = build_leaderboards(records)
        tables.append([to_markdown([task_sheet(board)]) for board in boards])
        means = {row.label: row.cells for row in boards[1].rows if row.label in VALUES}
        assert means == {row.label: row.cells for row in build_leaderboards(before)[1].rows}
    (liver, lung), (same_liver, other_lung) = tables
    assert liver == same_liver
    assert lung != other_lung


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_figures_of_other_tissues_stay(
    suffix: str, before: list[RunRecord], make_record: Maker, tmp_path: Path
):
    """A method more on lung leaves liver's figures as they were, byte by byte."""
    after = before + runs(make_record, "lung", {"mine": (0.9, 0.9)})
    drawn = []
    for records in (before, after):
        liver, _ = build_leaderboards(records)
        for draw in (heatmap, boxplot):
            path = tmp_path / f"figure.{suffix}"
            with figure_style():
                save_figure(draw(liver), path, crop=False)
            drawn.append(path.read_bytes())
    assert drawn[:2] == drawn[2:]


def test_report_pages_of_other_tissues_stay(
    before: list[RunRecord], make_record: Maker, tmp_path: Path
):
    """The part of the report that shows liver is the same text."""
    pages = []
    for records in (before, before + runs(make_record, "lung", {"mine": (0.9, 0.9)})):
        store = ResultStore(tmp_path)
        for record in records:
            store.write(record)
        page = report_page(store, store.scan(), figures="all")
        section = re.search(r'<section class="page" id="/liver/.*?</section>', page, re.DOTALL)
        pages.append(section.group())
    assert pages[0] == pages[1]
    assert "<svg" in pages[0]
