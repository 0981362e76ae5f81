"""Whatever a metric answers is one result with a status, beside those of the others."""

import numpy as np
import pytest

from genearena.benchmark.records.declared import describe
from genearena.benchmark.run.evaluation import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.cards.stored_card import describe as describe_graph
from genearena.data.tasks import TaskCard
from genearena.methods.registry import METHODS
from genearena.metrics.base import Metric, Score
from genearena.metrics.example import random_space
from genearena.metrics.registry import METRICS


def leaves(space):
    """End the process, as some scripts do."""
    raise SystemExit(3)


PARTS = (0.5, None, 1.0)

ANSWERS = {
    "nan": (lambda space: float("nan"), "failed", "bad: gave nan, want 0.0 to 1.0"),
    "infinite": (lambda space: np.inf, "failed", "bad: gave inf, want 0.0 to 1.0"),
    "too high": (lambda space: 1.7, "failed", "bad: gave 1.7, want 0.0 to 1.0"),
    "nothing": (lambda space: None, "failed", "bad: gave a value of type NoneType, want a float"),
    "text": (lambda space: "0.5", "failed", "bad: gave a value of type str, want a float"),
    "truth value": (lambda space: True, "failed", "bad: gave a value of type bool, want a float"),
    "array": (lambda space: np.array(0.5), "failed", "bad: gave a value of type ndarray"),
    "odd score": (lambda space: Score([0.5]), "failed", "bad: gave a value of type list"),
    "odd flag": (lambda space: Score(0.5, 7), "failed", "bad: gave a flag of type int, want text"),
    "odd parts": (lambda space: Score(0.5, parts=[0.5]), "failed", "bad: gave parts of type list"),
    "few parts": (lambda space: Score(0.5, parts=(0.5,)), "failed", "bad: gave 1 parts, want"),
    "nan parts": (
        lambda space: Score(0.5, parts=(*PARTS[:-1], np.nan)),
        "failed",
        "bad: gave nan",
    ),
    "parts": (lambda space: Score(0.5, parts=PARTS), "ok", ""),
    "exit": (leaves, "failed", "SystemExit: 3"),
    "numpy": (lambda space: np.float32(0.5), "ok", ""),
    "whole": (lambda space: np.int64(1), "ok", ""),
    "rounding": (lambda space: 1 + 1e-12, "ok", ""),
}


@pytest.fixture
def score(monkeypatch):
    """Return a function that scores random vectors by AUC and by a metric of the given answer."""
    space = random_space()
    graphs = space.graphs
    card = TaskCard(graphs.tissue, graphs.source, "0" * 64, tuple(map(describe_graph, graphs)))
    info = describe("random", METHODS.load("random"), {"dim": 16})
    job = Job(card, info, 0, "fast", ("edge_auc", "bad"))
    known = METRICS.load("edge_auc")

    def call(answer):
        bad = Metric("bad", "Bad", answer, True, 0.0, 1.0, "")
        monkeypatch.setattr(METRICS, "load", {"edge_auc": known, "bad": bad}.__getitem__)
        return evaluate.score_vectors(job, graphs, space.vectors)

    return call


@pytest.mark.parametrize("name", ANSWERS)
def test_any_answer_is_a_result(score, name):
    """A finite number in range is a value; everything else fails, and only that metric does."""
    answer, status, reason = ANSWERS[name]
    outcome = score(answer)
    assert outcome.status == "ok"
    assert outcome.metrics["edge_auc"].status == "ok"
    result = outcome.metrics["bad"]
    assert result.status == status
    assert result.flag.startswith(reason)
    assert (result.value is None) == (status == "failed")
    assert result.value is None or (type(result.value) is float and 0 <= result.value <= 1)
