"""Texts of records that anyone may have made steer no terminal, page, table or spreadsheet."""

import base64
import csv
import gzip
import io
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from html_tags import Tags
from markupsafe import escape as html_escape

import genearena.benchmark
from genearena.benchmark.cli import bench
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.tables.latex import to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.common.one_line import first_line, one_line

MARKUP = "</script><img src=x onerror=alert(1)>'\"{{7*7}}&amp;"
STEERING = "\x1b]0;owned\x07\x1b[2Ja\rb\u202egnp.\u200b\ud800"
TEX = "\\input{/nonexistent/x}$\\frac%}^^5c|`[x](javascript:1)*_<b>"
FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(1)")
HOSTILE = (MARKUP, STEERING, TEX, *FORMULAS)


@pytest.fixture(scope="module")
def results(tmp_path_factory, make_record):
    """Results with one method and one failure for every hostile text, in all texts they have."""
    store = ResultStore(tmp_path_factory.mktemp("hostile"))
    for i, text in enumerate(HOSTILE):
        for tissue in ("lung", MARKUP if i < 3 else TEX):
            metric = MetricResult(label=f"ASW {text}", value=0.1 * i, flag=text, scored=True)
            made = make_record("gae", {"asw": metric, "edge_auc": 0.5})
            task = made.task.model_copy(update={"tissue": tissue, "source": text[:5]})
            method = made.method.model_copy(update={"name": text, "params": {text: text}})
            name = {"run_id": f"good{i}{tissue == 'lung'}"}
            write(store, made.model_copy(update={"task": task, "method": method} | name))
        failed = make_record("gae", {}, seed=i, status="failed", reason=text)
        write(store, failed.model_copy(update={"run_id": f"bad{i}", "traceback": text}))
    return store


def write(store, record):
    """Write a record that was not checked, as anyone may; JSON has no lone surrogates."""
    text = json.dumps(record.model_dump(mode="python"), default=asdict).replace("\\ud800", "")
    path = store.record_path(record.run_id)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


@pytest.fixture(scope="module")
def boards(results):
    """Leaderboards of them."""
    return build_leaderboards(results.records())


def run(*arguments):
    done = CliRunner().invoke(bench, [str(a) for a in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def hidden(text):
    return sorted({c for c in text if c != "\n" and not c.isprintable()})


@pytest.mark.parametrize(
    "arguments",
    [
        ("leaderboard", "--format", kind) for kind in ("table", "md", "latex", "csv")
    ] + [("stats",), ("stats", "--format", "csv")],
)  # fmt: skip
def test_nothing_hidden_reaches_the_terminal(arguments, results):
    """No command that prints records prints a control character or a mark of direction."""
    text = run(*arguments, "--out", results.folder)
    assert text
    assert hidden(text) == []


def test_records_are_made_visible_as_they_are_made_and_read(make_record, tmp_path):
    """What cannot be seen is spelled out in the record itself, and stays so when read."""
    store = ResultStore(tmp_path)
    made = make_record("gae", {}, status="failed", reason=STEERING)
    store.write(made)
    (read,) = store.records()
    assert read.model_copy(update={"seal": None}) == made
    assert read.reason == r"\x1b]0;owned\x07\x1b[2Ja b\u202egnp.\u200b\ud800"


def test_latex_reads_no_command_of_a_name(boards):
    """Every backslash of the text begins a command that the writer wrote."""
    text = to_latex([task_sheet(board) for board in boards])
    assert r"\textbackslash{}input\{/nonexistent/x\}\$\textbackslash{}frac\%\}" in text
    commands = set(re.findall(r"\\[A-Za-z]+", text))
    assert commands.isdisjoint({r"\input", r"\frac", r"\write"})
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_markdown_tables_keep_their_columns(boards):
    """Pipes, brackets and tags in names are escaped: each row has as many fields as the head."""
    text = to_markdown([task_sheet(board) for board in boards])
    bare = re.sub(r"\\.", "", text)
    widths = [line.count("|") for line in bare.splitlines() if line.startswith("|")]
    tables = [block for block in bare.split("\n\n") if block.startswith("|")]
    assert len(tables) == len(boards)
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert widths
    assert not re.search("<[a-z/]", bare)
    assert "[" not in bare
    assert "`" not in bare


def test_spreadsheets_see_no_formula(boards):
    """Texts that would be formulas get an apostrophe, numbers below zero do not."""
    rows = list(csv.DictReader(io.StringIO(to_csv(boards))))
    assert {row["method"] for row in rows} >= {f"'{text}" for text in FORMULAS}
    for row in rows:
        for value in row.values():
            assert not value.startswith(("=", "+", "@", "\t"))
            assert not value.startswith("-") or float(value) < 0


@pytest.mark.parametrize("words", [("list", "--format", "csv"), ("export",)])
def test_no_csv_of_records_has_a_formula(words, results, tmp_path):
    """Whichever command writes it: texts get an apostrophe, numbers do not, none begins oddly."""
    path = tmp_path / "table.csv"
    to = ("--output", path) if words == ("export",) else ()
    text = run("results", *words, "--out", results.folder, *to)
    rows = list(
        csv.DictReader(io.StringIO(path.read_text() if to else text[text.index("tissue,") :]))
    )
    name = "method_name" if to else "method"
    assert {row[name] for row in rows} >= {f"'{text}" for text in FORMULAS}
    for row in rows:
        for value in row.values():
            assert not value.startswith(("=", "+", "@", "\t"))
            assert not value.startswith("-") or float(value) < 0


def test_every_csv_is_written_in_one_place():
    """No module but one makes csv text, so that none can forget the apostrophe."""
    root = Path(genearena.__file__).parent
    modules = [p for wing in ("benchmark", "data") for p in (root / wing).rglob("*.py")]
    writers = ("csv.writer(", "csv.DictWriter(", ".to_csv(")
    found = [p.name for p in modules if any(w in p.read_text() for w in writers)]
    assert found == ["csv_text.py"]


def test_report_shows_hostile_texts_as_text(results, tmp_path):
    """Names, tissues, labels, reasons and tracebacks add no element and no handler."""
    run("report", "--out", results.folder, "--output", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    tags = Tags(page).tags
    assert sum(tag == "script" for tag, _ in tags) == 2
    assert not [tag for tag, _ in tags if tag in ("img", "iframe", "object", "b onerror")]
    assert not [n for _, attributes in tags for n in attributes if n.startswith("on")]
    assert str(html_escape(MARKUP)) in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    data = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    told = json.loads(gzip.decompress(base64.b64decode(data.group(1))))
    assert MARKUP in json.dumps(told, ensure_ascii=False).replace('\\"', '"')


def test_figures_take_no_name_for_a_formula(results, tmp_path):
    """A dollar sign or a backslash in a name is drawn, not parsed."""
    text = run("plot", "--out", results.folder, "--output", tmp_path, "--format", "svg", "--kind",
               "heatmap")  # fmt: skip
    drawn = list(tmp_path.glob("*.svg"))
    assert drawn
    assert all(path.parent == tmp_path for path in drawn)
    assert hidden(text) == []


def test_names_of_200_characters_are_drawn_and_listed(make_records, write_store, tmp_path):
    """Labels leave room for what they name, even of the widest letters."""
    records = [
        record.model_copy(update={"method": record.method.model_copy(update={"name": "M" * 200})})
        if record.method.name == "mae"
        else record
        for record in make_records(n_seeds=2)
    ]
    write_store(tmp_path, records)
    out = ("--out", tmp_path)
    for figure in ("heatmap", "boxplot", "cost", "loss"):
        text = run("plot", *out, "--output", tmp_path / "figures", "--kind", figure)
        assert figure in text
    for command in (("leaderboard",), ("stats",), ("report", "--output", tmp_path / "r.html")):
        run(*command, *out)
    assert len(list((tmp_path / "figures").iterdir())) >= 4


def test_errors_are_one_printable_line():
    """What an error quotes of a file is cut, spelled out and on one line."""
    assert first_line(ValueError("a\x1b[2J\nb")) == r"a\x1b[2J"
    assert first_line(ValueError("")) == "ValueError"
    assert len(first_line(ValueError("x" * 10**6))) < 600
    assert one_line("already fine  é") == "already fine  é"
