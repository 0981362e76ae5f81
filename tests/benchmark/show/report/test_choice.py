"""What the page computes for any choice of tasks and metrics is what the tables say of the same."""

from itertools import product

import numpy as np
import pytest
from page_numbers import NODE, page_numbers

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import with_headline
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.show.report.payload import numbers
from genearena.benchmark.show.tables.counting_sheets import wins_sheet
from genearena.benchmark.show.tables.headline_sheet import headline_overview
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.metrics.registry import METRICS

pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")

QUESTIONS = ("replicated_edges", "new_donor", "shared_function")
PAPER = ("edge_auc", "asw", "ilisi", "cgr")
TISSUES = ("heart", "liver", "lung", "skin")
METHODS = ("pca", "gae", "vgae", "mae", "musegnn", "random", "truth", "pca:released")
N_DONORS = 5


def _metrics(rng, method, tissue, seed):
    level = METHODS.index(method) / 30
    for name in (*QUESTIONS, *PAPER):
        if name in QUESTIONS and tissue == "skin":
            continue
        # of a donor and seed each; a new donor is one of them at each seed
        parts = (0.3 + level + 0.1 * rng.normal(size=N_DONORS)).tolist()
        if name == "new_donor":
            parts = [x if i == seed % N_DONORS else None for i, x in enumerate(parts)]
        value = float(np.mean([x for x in parts if x is not None]))
        if name == "cgr":  # on which all agree
            value = 0.5
        if name == "ilisi":  # whose ties end in a half
            value = round(value * 8) / 8
        low = name in PAPER or (tissue == "liver" and method == "mae")
        status = "not_defined" if (name, method, tissue) == ("asw", "gae", "lung") else "ok"
        yield (
            name,
            MetricResult(
                label=METRICS.load(name).label,
                value=value if status == "ok" else None,
                status=status,
                scored=name in PAPER,
                parts=[] if low else parts,
            ),
        )


@pytest.fixture(scope="module")
def records(make_record):
    """Methods, controls and a variant on four tasks: one lacks questions, one a method."""
    rng = np.random.default_rng(3)
    made = []
    for tissue, method, seed in product(TISSUES, METHODS, range(3)):
        if (tissue, method) == ("heart", "vgae"):
            continue
        failed = {"status": "failed", "reason": "no"} if (method, seed) == ("musegnn", 1) else {}
        metrics = {} if failed else dict(_metrics(rng, method, tissue, seed))
        made.append(make_record(method, metrics, tissue=tissue, seed=seed, **failed))
    return made


CHOICES = [
    (TISSUES, QUESTIONS + PAPER),
    (TISSUES[:3], QUESTIONS + PAPER),
    (("lung",), QUESTIONS + PAPER),
    (("liver",), QUESTIONS),
    (("liver", "lung"), ("new_donor", "asw", "ilisi")),
    (("heart", "lung", "skin"), ("replicated_edges", "shared_function", "cgr")),
    (("liver", "skin"), ("edge_auc", "ilisi")),
    (("skin",), PAPER),
]


@pytest.fixture(scope="module")
def found(records):
    """What the page computes for every choice."""
    data = numbers(build_leaderboards(records))
    asked = [{"tasks": tasks, "metrics": metrics} for tasks, metrics in CHOICES]
    return dict(zip(CHOICES, page_numbers(data, asked), strict=True))


def _boards(records, tasks, metrics):
    kept = [
        record.model_copy(
            update={"metrics": {n: m for n, m in record.metrics.items() if n in metrics}}
        )
        for record in records
    ]
    return build_leaderboards(kept, tissues=tasks)


def _texts(sheet):
    return {
        label.removesuffix(" §"): [column.entries[i].text for column in sheet.columns]
        for i, label in enumerate(sheet.labels)
    }


@pytest.mark.parametrize("choice", CHOICES)
def test_averages_ranks_and_intervals_are_those_of_the_tables(records, found, choice):
    """Of headline, Avg Score and Avg Rank, by task and over tasks; and who beats whom how often."""
    boards = _boards(records, *choice)
    page = {method["label"]: method for method in found[choice]["methods"]}
    for what in ("score", "rank"):
        texts = _texts(overview_sheet(boards, what))
        assert {label: page[label][what] for label in texts} == texts
    assert found[choice]["wins"] == {
        label: dict(zip(_texts(wins_sheet(boards)), own, strict=True))
        for label, own in _texts(wins_sheet(boards)).items()
    }
    if not with_headline(boards):
        assert all(method["place"] is None for method in page.values())
        return
    headlines = _texts(headline_overview(boards))
    assert list(page) == [label for label in page if label in headlines]
    for label, (rank, mean, interval, *tasks) in headlines.items():
        own = page[label]
        assert (NOTHING if own["place"] is None else str(own["place"])) == rank, label
        assert own["headline"][0] == mean
        assert [t for t in own["headline"][1:] if t != NOTHING] == [
            t for t in tasks if t != NOTHING
        ]
        assert (" to ".join(own["interval"]) if own["interval"] else NOTHING) == interval


def test_methods_are_told_apart_in_some_choices_only(found):
    """The comparison above has both: shared ranks and ranks of one's own."""
    ranks = [[m["place"] for m in of["methods"] if m["place"]] for of in found.values()]
    assert any(len(own) > len(set(own)) > 1 for own in ranks)


def test_numbers_are_rounded_as_in_tables():
    """To the even digit at a half, from both sides, without a negative zero."""
    values = [0.125, 0.375, 2.5, -0.125, -0.001, 2.675, 1e-9, 12.0, 0.5, 1.5]
    task = {"name": "t", "metrics": [], "sections": [], "means": [], "questions": [], "parts": []}
    data = {"rules": {}, "methods": [], "tasks": [task]}
    assert page_numbers(data, [], values=values) == [
        [number(value, digits) for value in values] for digits in (1, 2)
    ]
