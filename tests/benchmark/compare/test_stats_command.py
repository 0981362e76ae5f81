"""``bench stats`` and its figures from the outside."""

import csv
import json
import re
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.plot import command as plot
from genearena.benchmark.commands.stats import command as stats
from genearena.benchmark.compare.analysis import Options, analyse
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.sentences import conclusion, notes
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.critical_difference import (
    critical_difference_figure,
    nemenyi_table,
)
from genearena.benchmark.show.plots.style import figure_style, method_colours
from genearena.benchmark.show.tables.stats_sheets import stats_sheets
from genearena.benchmark.show.tables.stats_tidy import stats_json
from genearena.data.common.errors import UsageError

Maker = Callable[..., RunRecord]
TISSUES = ("heart", "lung", "liver", "kidney", "thymus", "spleen", "pbmc", "pancreas")
CENTRES = {"musegnn": 0.8, "giant": 0.79, "gae": 0.5, "vgae": 0.3, "pca": 0.1}


def spread(
    make: Maker,
    tissues: Sequence[str] = TISSUES,
    metrics: Sequence[str] = ("asw", "cgr", "ilisi"),
    **options: object,
) -> list[RunRecord]:
    """Make records of five methods of which the first two are as good as each other."""
    rng = np.random.default_rng(0)
    return [
        make(
            method,
            {name: centre + 0.03 * rng.normal() for name in metrics},
            seed=seed,
            tissue=tissue,
            **options,
        )
        for tissue in tissues
        for method, centre in CENTRES.items()
        for seed in range(3)
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, make_record: Maker) -> Path:
    """Return a results folder with eight tissues."""
    folder = tmp_path_factory.mktemp("results")
    store = ResultStore(folder)
    for record in spread(make_record):
        store.write(record)
    return folder


def invoke(command: object, *arguments: object) -> str:
    """Run a command and return its standard output; raise what it raises."""
    result = CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_conclusion_tells_apart_what_differs(make_record: Maker):
    """The two equal methods are not told apart, the worst is told from the first."""
    analysis = analyse(build_leaderboards(spread(make_record)), Options())
    first, second = analysis.comparison.order[:2]
    assert {first, second} == {"musegnn", "giant"}
    text = conclusion(analysis)
    assert re.match(rf"{first} is not told apart from {second}\b.* but is better than .*pca", text)
    assert re.search(r"over 8 tissues \(Nemenyi; Friedman p < 0\.0001\)$", text)
    assert "Wilcoxon-Holm cannot tell" in "\n".join(notes(analysis))


def test_two_tissues_are_not_testable(make_record: Maker):
    """Below five tissues there are intervals and no p-value, and the text says so."""
    analysis = analyse(build_leaderboards(spread(make_record, TISSUES[:2])), Options())
    assert conclusion(analysis).startswith("Not testable with 2 tissues; by 95 % bootstrap")
    assert "ahead of" in conclusion(analysis)
    text = "\n".join(notes(analysis))
    assert "with 2 tissues they are too narrow" in text
    assert analysis.bootstrap is not None


def test_method_without_a_tissue_is_named(make_record: Maker):
    """A method that failed on a tissue is in no test, and the text says where it failed."""
    records = [
        record.model_copy(update={"status": "oom", "metrics": {}})
        if (record.method.name, record.task.tissue) == ("gae", "liver")
        else record
        for record in spread(make_record)
    ]
    analysis = analyse(build_leaderboards(records), Options())
    assert "gae" not in analysis.comparison.order
    assert "gae is not compared: no Avg Rank on liver" in list(notes(analysis))


@pytest.mark.filterwarnings("error")
def test_nothing_in_common(make_record: Maker):
    """Methods without a common tissue, or without any result, give sentences and no warning."""
    apart = [make_record(m, {"asw": 0.5}, tissue=t) for m, t in (("pca", "lung"), ("gae", "pbmc"))]
    failed = [make_record("pca", {}, status="failed", reason="boom")]
    for records in (apart, failed):
        analysis = analyse(build_leaderboards(records), Options())
        assert conclusion(analysis).startswith("Nothing to compare: fewer than two methods")
        assert analysis.bootstrap is None
        assert analysis.stability is None


def test_metric_undefined_on_a_tissue(make_record: Maker):
    """A tissue where nobody has the metric is left out, and the rest has intervals."""
    records = spread(make_record)
    records = [
        r.model_copy(update={"metrics": {k: v for k, v in r.metrics.items() if k != "asw"}})
        if r.task.tissue == "lung"
        else r
        for r in records
    ]
    analysis = analyse(build_leaderboards(records), Options(by="asw"))
    assert "No method has ASW on lung: not compared" in list(notes(analysis))
    assert len(analysis.bootstrap.blocks) == len(analysis.comparison.compared.blocks) == 7


def answered(record: RunRecord, *values: float) -> RunRecord:
    """Return a record that answers questions of the headline too."""
    names = ("replicated_edges", "new_donor")
    found = {n: MetricResult(label=n, value=v) for n, v in zip(names, values, strict=False)}
    return record.model_copy(update={"metrics": {**record.metrics, **found}})


def test_the_headline_comes_first(make_record: Maker):
    """By default it is compared, whatever the paper's metrics say; --by rank is as without it."""
    records = spread(make_record)
    order = [*CENTRES]
    asked = [answered(r, 0.2 * order.index(r.method.name), 0.1 * (r.seed % 2)) for r in records]
    analysis = analyse(build_leaderboards(asked), Options())
    assert list(analysis.comparison.order) == order[::-1]
    assert analysis.comparison.compared.label == "Headline"
    assert {r.removed for r in analysis.stability.removals if r.kind == "metric"} == {
        "Edges",
        "New donor",
    }
    rank = Options(by="rank")
    with_it, without = (analyse(build_leaderboards(r), rank) for r in (asked, records))
    assert stats_json(with_it) == stats_json(without)


def test_without_headlines_ranks_are_compared_and_it_is_said(make_record: Maker):
    """A tissue without one is left out; without any the paper's rank takes its place."""
    records = spread(make_record)
    asked = [r if r.task.tissue == "lung" else answered(r, 0.5, 0.5) for r in records]
    analysis = analyse(build_leaderboards(asked), Options())
    assert "No method has Headline on lung: not compared" in list(notes(analysis))
    analysis = analyse(build_leaderboards(records), Options())
    assert next(notes(analysis)) == "No method has a headline here: by Avg Rank instead"
    assert analysis.stability.by == "rank"


def test_one_tissue_without_values_of_donors(make_record: Maker):
    """Nothing can be resampled, and the conclusion says why."""
    records = [answered(r, CENTRES[r.method.name]) for r in spread(make_record, TISSUES[:1])]
    analysis = analyse(build_leaderboards(records), Options())
    assert conclusion(analysis) == (
        "Not testable with 1 tissue, and records without values of single donors give no intervals"
    )
    assert stats_sheets(analysis)[0].labels == tuple(CENTRES)


def test_all_formats_agree(results: Path, tmp_path: Path):
    """The table, Markdown, csv and JSON hold the same conclusion and numbers."""
    table = invoke(stats, "--out", results)
    document = json.loads(invoke(stats, "--out", results, "--format", "json"))
    flat = " ".join(table.split())
    assert document["conclusion"] in flat
    assert document["stability"] in flat
    rows = list(csv.DictReader(StringIO(invoke(stats, "--out", results, "--format", "csv"))))
    assert len(rows) == len(document["statistics"])
    found = {(r["statistic"], r["method"], r["other"], r["removed"]): r["value"] for r in rows}
    for row in document["statistics"]:
        key = tuple(row.get(k, "") for k in ("statistic", "method", "other", "removed"))
        assert float(found[key]) == row["value"]
    target = tmp_path / "stats.md"
    invoke(stats, "--out", results, "--format", "md", "--output", target)
    text = target.read_text(encoding="utf-8")
    assert "| Pair |" in text
    # md shows all ten pairs
    assert len(re.findall(r"^\| \w+ > \w+ \|", text, flags=re.M)) == 10


def test_the_same_bytes_twice(results: Path):
    """Resamples and posteriors are seeded: the same results give the same bytes."""
    texts = {invoke(stats, "--out", results, "--bayes", "--format", "csv") for _ in range(2)}
    assert len(texts) == 1
    assert "posterior_better" in texts.pop()


def test_one_metric_and_one_tissue(results: Path):
    """--by takes a metric, --tissue restricts the blocks."""
    assert "5 methods by ASW, 8 tissues" in invoke(stats, "--out", results, "--by", "asw")
    assert "not testable with 1 tissue" in invoke(stats, "--out", results, "--tissue", "lung")
    with pytest.raises(UsageError, match=r"no results for metric 'aws'; there are asw, cgr, ilisi"):
        invoke(stats, "--out", results, "--by", "aws")


def test_empty_folder_says_what_to_do(tmp_path: Path):
    """Without results the user is told to run something first."""
    with pytest.raises(UsageError, match=r"no results in .*; run 'bench run' first"):
        invoke(stats, "--out", tmp_path)


@pytest.mark.parametrize("lower", [(), ("loss", "error", "distance")])
def test_diagram_puts_the_best_first(make_record: Maker, lower: Sequence[str]):
    """Labels run from the best method, and every bar covers neighbours not told apart."""
    boards = build_leaderboards(
        spread(make_record, metrics=lower or ("asw", "cgr", "ilisi"), lower=lower)
    )
    comparison = analyse(boards, Options()).comparison
    best_last = [*CENTRES][::-1]
    assert set(comparison.order[:2]) == set((best_last if lower else [*CENTRES])[:2])
    with figure_style():
        figure = critical_difference_figure(comparison, method_colours(boards), simulated=True)
    texts = [text.get_text() for text in figure.axes[0].texts]
    left = [text.split()[0] for text in texts if text.split()[0] in CENTRES]
    assert left == list(comparison.order[:3])
    places = dict(zip(comparison.compared.methods, comparison.mean_places, strict=True))
    ordered = [places[m] for m in comparison.order]
    bars = [line.get_xdata() for line in figure.axes[0].lines if line.get_linewidth() == 2.2]
    table = nemenyi_table(comparison)
    covered = np.zeros(table.shape, dtype=bool)
    for bar in bars:
        inside = [m for m in comparison.order if min(bar) <= places[m] <= max(bar)]
        # a bar is an interval: it leaves out nobody between its ends
        assert len(inside) == len(bar)
        at = [comparison.order.index(m) for m in inside]
        covered[np.ix_(at, at)] = True
    np.fill_diagonal(covered, True)
    assert ordered == sorted(ordered)
    assert (covered == (table.to_numpy() >= comparison.alpha)).all()


def test_figures_over_tissues(results: Path, tmp_path: Path):
    """Both figures come in every format, the same bytes each time."""
    options = ("--kind", "critical-difference", "--kind", "rank-stability")
    for folder in ("one", "two"):
        invoke(
            plot, "--out", results, "--output", tmp_path / folder, *options, "--format", "png,svg"
        )
    names = {path.name for path in (tmp_path / "one").iterdir()}
    assert names == {
        f"{kind}.{suffix}"
        for kind in ("critical-difference", "rank-stability")
        for suffix in ("png", "svg")
    }
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
