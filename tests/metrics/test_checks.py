"""Each check catches the metric it exists for."""

import random

import numpy as np
import pytest

from genearena.data.common.checks import run_all
from genearena.data.common.errors import ContractError
from genearena.metrics import checks
from genearena.metrics.base import Metric, Score
from genearena.metrics.checks import CHECKS
from genearena.metrics.edge_auc import METRIC, edge_auc


def metric(function=edge_auc, **changes):
    """Make a metric called 'bad' that is edge AUC but for the changes."""
    given = {"name": "bad", "label": "Bad", "higher_is_better": True, "low": 0.0, "high": 1.0}
    given["changes_with"] = frozenset({"shift"} if function is edge_auc else ())
    return Metric(function=function, cites="", **(given | changes))


def never_the_same(space):
    """Answer at random."""
    return float(np.random.default_rng().random())


def draws_from_numpy(space):
    """Use NumPy's global state."""
    np.random.random()  # noqa: NPY002 - the fault
    return 0.5


def draws_from_python(space):
    """Use Python's global state."""
    random.random()
    return 0.5


def changes_vectors(space):
    """Write into the vectors."""
    space.vectors[0][:] = 0
    return 0.5


def off_centre(space):
    """Tell how far from the origin the vectors lie, in lengths of theirs."""
    return np.linalg.norm(space.rows.mean(axis=0)) / np.linalg.norm(space.rows, axis=1).mean()


def mean_over_common(space):
    """Average over genes that may not be there."""
    with np.errstate(all="ignore"):
        return np.divide((space.clusters[space.common] >= 0).sum(), len(space.common))


def fails_on_one_graph(space):
    """Index a second graph."""
    return edge_auc(space).value if space.graphs[1] else 0.0


@pytest.mark.parametrize(
    ("check", "bad", "message"),
    [
        ("check_description", metric(label=""), "label is '', want a line of text"),
        ("check_description", metric(low=1.0, high=0.0), "low 1.0 is not below high"),
        (
            "check_description",
            metric(needs=frozenset({"luck"})),
            "want a frozenset out of new donor, truth",
        ),
        ("check_range", metric(high=0.4), "gave 0.98[0-9]*, want 0.0 to 0.4"),
        ("check_range", metric(lambda space: float("nan")), "gave nan, want 0.0 to 1.0"),
        ("check_direction", metric(higher_is_better=False), "declared lower is better"),
        ("check_direction", metric(lambda space: 0.5), "the ideal space gets 0.5 and the poor"),
        (
            "check_invariance",
            metric(lambda space: edge_auc(space).value * (np.abs(space.rows).max() < 1e9)),
            "gave 0.98[0-9]*, and 0 for vectors times 1e.30",
        ),
        (
            "check_invariance",
            metric(off_centre),
            "for shifted vectors; if that is meant, say changes_with",
        ),
        (
            "check_invariance",
            metric(lambda space: float(space.graphs.names[0] == "donor0")),
            "gave 1, and 0 for graphs and genes in another order",
        ),
        (
            "check_description",
            metric(changes_with=frozenset({"luck"})),
            "changes_with is .*luck.*, want a frozenset out of scale, shift, rotation, order",
        ),
        ("check_repeatable", metric(never_the_same), "for the same vectors"),
        ("check_pure", metric(draws_from_numpy), "moved the global random state of"),
        ("check_pure", metric(draws_from_python), "moved the global random state of"),
        ("check_pure", metric(changes_vectors), "changed the vectors"),
        ("check_range", metric(lambda space: None), "gave a value of type NoneType, want a float"),
        ("check_range", metric(lambda space: "0.5"), "gave a value of type str"),
        ("check_range", metric(lambda space: True), "gave a value of type bool"),
        ("check_range", metric(lambda space: np.array(0.5)), "gave a value of type ndarray"),
        ("check_range", metric(lambda space: Score(0.5, None)), "gave a flag of type NoneType"),
        ("check_edge_cases", metric(mean_over_common), "gave nan, want 0.0 to 1.0 .on no common"),
        ("check_edge_cases", metric(fails_on_one_graph), "raised IndexError for one data set"),
        (
            "check_edge_cases",
            metric(lambda space: Score(2.0 if len(space.graphs) == 1 else 0.5)),
            "gave 2.0",
        ),
    ],
)
def test_check_catches(check, bad, message):
    """The check named raises one line about what is wrong."""
    with pytest.raises(ContractError, match=message):
        getattr(checks, check)(bad)


def test_all_broken_checks_are_listed_and_exceptions_survived():
    """A metric that raises is reported by each check that calls it; a good one by none."""

    def broken(space):
        raise ZeroDivisionError("division by zero")

    results = run_all(CHECKS, metric(broken))
    assert [result.name for result in results if result.passed] == ["description"]
    assert all(result.passed for result in run_all(CHECKS, METRIC))


def test_a_value_out_of_range_hides_nothing():
    """Every other fault is found with the number as it is."""
    seen = []

    def bad(space):
        seen.append(0)
        draws_from_numpy(space)
        changes_vectors(space)
        return 5.0 + len(seen) + space.graphs[1].n_genes

    lines = [fault for result in run_all(CHECKS, metric(bad, label="")) for fault in result.faults]
    for words in ("label is ''", "want 0.0 to 1.0", "then", "of numpy", "changed the vectors"):
        assert any(words in line for line in lines), words
