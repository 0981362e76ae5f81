"""The report's HTML, without a browser."""

import base64
import gzip
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from html_tags import Tags

from genearena.benchmark.cli import bench
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.report.badges import badges
from genearena.benchmark.show.report.function import function_sheet
from genearena.benchmark.show.report.page import report_page
from genearena.benchmark.show.report.svg import isolate
from genearena.benchmark.show.report.tables import task_table
from genearena.benchmark.show.tables.tidy import to_csv

EVIL = "</script><img src=x onerror=document.title='broken'>"
SHOWN = f"{EVIL[:16]}…{EVIL[-15:]}"


def _data(page):
    text = re.search(r'<script type="application/gzip" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(gzip.decompress(base64.b64decode(text.group(1))))


def test_hostile_names_stay_text(page):
    """A method named as markup adds no element and no handler."""
    tags = Tags(page).tags
    labels = {a.get("data-label") for tag, a in tags if tag == "tr"}
    assert SHOWN in labels
    assert [tag for tag, _ in tags if tag == "img"] == []
    assert sum(tag == "script" for tag, _ in tags) == 2
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]


def test_page_needs_nothing_else(page):
    """No element loads anything, and the policy forbids it."""
    tags = Tags(page).tags
    links = [a[n] for _, a in tags for n in ("src", "href", "xlink:href") if n in a]
    assert links
    assert all(link.startswith("#") for link in links)
    policy = next(a["content"] for tag, a in tags if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; ")


def _short(record):
    """A record's content without what proves its files; numbers to six digits."""
    text = record.model_dump_json(exclude={"embedding", "embedding_sha256", "seal"})
    short = json.loads(text, parse_float=lambda number: float(f"{float(number):.6g}"))
    return {**short, "metrics": {n: {**m, "parts": None} for n, m in short["metrics"].items()}}


def test_every_record_is_there_whole(results, page):
    """Each record can be put together again from the page's data, to six digits."""
    data = _data(page)
    found = {run["run_id"]: run for run in data["runs"]}
    records = results.scan().records
    assert len(found) == len(records)
    for record in records:
        run = found[record.run_id]
        shared = data["shared"][run.pop("shared")]
        cost = dict(zip(shared["cost"], run["cost"], strict=True))
        metrics = {
            name: {**result, "value": value}
            for (name, result), value in zip(shared["metrics"].items(), run["metrics"], strict=True)
        }
        whole = {**run, **shared, "cost": cost, "metrics": metrics}
        assert _short(type(record).model_validate(whole)) == _short(record)
        assert not {"embedding", "embedding_sha256", "seal"} & whole.keys()
    assert len(data["shared"]) < len(records) / 2


def test_each_row_leads_to_its_runs(results, page):
    """Rows and their runs are those of the leaderboards; the rest is named with its reason."""
    data = _data(page)
    boards = build_leaderboards(results.scan().records)
    rows = [[run.run_id for run in row.runs.runs] for board in boards for row in board.rows]
    assert [[data["runs"][i]["run_id"] for i in runs] for runs in data["rows"].values()] == rows
    assert sorted(data["unused"].values()) == [
        "other data of this task",
        "replaced by a newer run of this seed",
    ]


def test_csv_is_the_leaderboards(results, page):
    """The embedded csv is that of ``bench leaderboard --format csv``, byte for byte."""
    csv = _data(page)["csv"]
    boards = build_leaderboards(results.scan().records)
    assert csv["header"] + "".join(csv["tasks"].values()) == to_csv(boards)


def test_ids_are_unique(results):
    """Figures keep their parts apart: no id twice, and every reference has its target."""
    page = report_page(results, results.scan(), "all")
    ids = [a["id"] for _, a in Tags(page).tags if "id" in a]
    assert len(ids) == len(set(ids))
    referred = re.findall(r"url\(#([^)]+)\)", page) + re.findall(r'xlink:href="#([^"]+)"', page)
    assert referred
    assert set(referred) <= set(ids)


SVG_DOCUMENT = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="72pt" height="36pt" viewBox="0 0 72 36">%s</svg>'
)


def test_isolate_renames_references_too():
    """An id and what refers to it get the same prefix; text stays as it is."""
    svg = SVG_DOCUMENT % (
        '<defs><path id="a" d="M 1.23456 2"/></defs><g id="c"><use xlink:href="#a" '
        'clip-path="url(#b)"/></g><text transform="rotate(-0 1 2)">id="a" 1.23456</text>'
    )
    found = isolate(svg.encode(), "x-", 'a "title"')
    assert 'id="x-a" d="m1.23 2"' in found
    assert 'xlink:href="#x-a" clip-path="url(#x-b)"' in found
    assert '<text>id="a" 1.23456</text>' in found
    assert 'aria-label="a &quot;title&quot;"' in found
    assert "<g" not in found


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M 1 2 L 3.001 2 L 3 -1.5", "m1 2 2 0 0-3.5"),
        # closing goes back to where the piece began
        ("M 1 1 L 3 1 L 3 3 z M 5 5 L 6 5", "m1 1 2 0 0 2zm4 4 1 0"),
        ("M 1 2 C 1 1 2 2 3.456 3", "M 1 2 C 1 1 2 2 3.45 3"),
    ],
)
def test_straight_paths_become_steps(path, shorter):
    """A path of lines is written in steps, one with curves as it is."""
    assert f'd="{shorter}"' in isolate((SVG_DOCUMENT % f'<path d="{path}"/>').encode(), "x-", "")


def test_steps_add_up_to_the_places():
    """However many steps, a point is where it was to a hundredth."""
    places = np.random.default_rng(0).uniform(0, 300, size=(500, 2))
    path = "M " + " L ".join(f"{x} {y}" for x, y in places)
    found = isolate((SVG_DOCUMENT % f'<path d="{path}"/>').encode(), "x-", "")
    steps = re.findall(r"-?[\d.]+", re.search(r' d="m([^"]*)"', found).group(1))
    walked = np.cumsum(np.array(steps, dtype=float).reshape(-1, 2), axis=0)
    # decimals beyond the second are cut, not rounded
    np.testing.assert_allclose(walked, places - 0.005, atol=0.00501)


def test_parts_of_a_text_stay():
    """An exponent is a part of its text, whose words must not go with the spaces between parts."""
    parts = '<tspan x="1" style="fill:red">10</tspan> <tspan x="2" style="fill:red">-3</tspan>'
    svg = SVG_DOCUMENT % f"<g><text> {parts} </text></g>"
    assert f"<text> {parts} </text>" in isolate(svg.encode(), "x-", "")


def test_neighbours_share_a_style():
    """What looks alike in a row gets one group that says so."""
    svg = SVG_DOCUMENT % ('<path d="M 1 1" style="fill: red; stroke: none"/>' * 2 + "<path/>")
    found = isolate(svg.encode(), "x-", "")
    assert '<g style="fill:red;stroke:none"><path d="m1 1" /><path d="m1 1" /></g><path />' in found


def test_the_truth_is_no_upper_bound_where_methods_beat_it(make_record):
    """The badge of the control that knows the truth says just that; pca may well stand above."""
    records = [make_record("truth", {"asw": 0.1}), make_record("pca", {"asw": 0.9})]
    shown = {row.label: badges([row]) for row in build_leaderboards(records)[0].rows}
    assert [badge.text for badge in shown["truth"]] == ["knows the truth"]
    assert "bound" not in shown["truth"][0].remark
    assert shown["pca"] == ()


def test_the_headline_leads_and_the_paper_follows(make_record):
    """Rows are in its order, with rank and interval; min-max values have Avg Score beside them."""
    values = {"pca": {"lung": 0.2, "liver": 0.5}, "gae": {"lung": 0.6, "liver": 0.3}}
    records = [
        make_record(name, {"new_donor": MetricResult(label="x", value=value), "asw": 1 - value},
                    tissue=tissue)
        for name, own in values.items()
        for tissue, value in own.items()
    ]  # fmt: skip
    boards = build_leaderboards(records)
    lung = task_table(boards[1])
    assert [row.label for row in lung.rows] == ["gae", "pca"]
    headings = [column.first.heading for column in lung.columns]
    assert headings[:5] == ["Rank", "Headline", "Interval", "Avg Rank", "Avg Score"]
    assert [entry.text for entry in lung.columns[1].first.entries] == ["0.600", "0.200"]


def test_trouble_is_named(page):
    """Endings, missing tissues, damaged files and simulated data are on the page."""
    assert ">2 timeout<" in page or ">3 timeout<" in page
    assert "broken.json" in page
    assert "All data are SIMULATED" in page
    assert re.search(r"late.*?>1 failed<", page, re.DOTALL)


def test_command_writes_the_same_bytes_again(results, page, tmp_path):
    """``bench report`` writes the file it names, and the bytes depend on the records alone."""
    path = tmp_path / "new" / "report.html"
    arguments = ["report", "--out", str(results.folder), "--output", str(path)]
    done = CliRunner().invoke(bench, arguments)
    assert done.stdout.strip() == str(path)
    assert "is damaged" in done.stderr
    assert path.read_text() == page


def test_command_without_results_says_what_to_do(tmp_path):
    """An empty folder is an error of one line."""
    done = CliRunner().invoke(bench, ["report", "--out", str(tmp_path)])
    assert "no results in" in str(done.exception)


def test_figures_are_drawn_on_request(make_record, tmp_path):
    """They are most of the time: over all tasks, or of each too."""
    store, invoke = ResultStore(tmp_path), CliRunner().invoke
    for tissue in ("lung", "liver"):
        for name, value in (("pca", 0.5), ("gae", 0.7)):
            store.write(make_record(name, {"asw": value}, tissue=tissue))
    drawn = {}
    for figures in ("none", "overall", "all"):
        done = invoke(bench, ["report", "--out", str(tmp_path), "--figures", figures])
        assert done.exit_code == 0, done.output
        page = (tmp_path / "report.html").read_text()
        sections = dict(re.findall(r'<section class="page" id="(.*?)">(.*?)</section>', page, re.S))
        drawn[figures] = ["<svg" in sections[name] for name in ("/statistics", "/lung/embedded")]
        assert drawn[figures][1] or "bench report --figures all" in sections["/lung/embedded"]
    assert drawn == {"none": [False, False], "overall": [True, False], "all": [True, True]}


def test_a_site_is_a_folder_to_host(results, page, tmp_path):
    """The page as index.html, and the file that keeps GitHub from making something of it."""
    call = ["report", "--out", str(results.folder), "--site", str(tmp_path / "site")]
    assert CliRunner().invoke(bench, call).exit_code == 0
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"index.html", ".nojekyll"}
    assert (tmp_path / "site" / "index.html").read_text() == page
    done = CliRunner().invoke(bench, [*call, "--output", "x.html"])
    assert "give one of them" in str(done.exception)


def test_function_is_a_page_of_its_own(make_record, page):
    """Gene sets as columns, with intervals where records have values of single donors."""
    assert "No stored run was scored with gene sets" in page

    def scored(name, value, parts):
        metric = MetricResult(label="Function go", value=value, parts=parts, scored=False)
        return make_record(name, {"function:go": metric})

    boards = build_leaderboards(
        [scored("pca", 0.2, [0.1, 0.15, 0.2, 0.25, 0.3]), scored("gae", 0.1, [])]
    )
    sheet = function_sheet(boards)
    assert [column.heading for column in sheet.columns] == ["lung: Function go"]
    texts = dict(zip(sheet.labels, (e.text for e in sheet.columns[0].entries), strict=True))
    assert re.fullmatch(r"\+0\.200 \(0\.1\d+ to 0\.2\d+\)", texts["pca"])
    assert texts["gae"] == "+0.100"
