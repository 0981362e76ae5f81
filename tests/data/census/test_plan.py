"""Which donors and cells are taken."""

from collections import Counter

import numpy as np
import pytest
from made_up_census import GROUPS, MadeUpCensus

from genearena.data.census.plan import FetchRequest, plan_fetch
from genearena.data.common.errors import DataError


def plan(census=None, **options):
    return plan_fetch(census or MadeUpCensus(), "2025-01-30", FetchRequest("lung", **options))


def picked(made):
    return [(s.dataset.dataset_id, s.donor_id, s.assay, s.n_available) for s in made.samples]


def test_largest_sample_of_each_donor_of_a_collection():
    """ann of the first collection counts once, by the largest of three; another ann is another."""
    assert picked(plan()) == [
        ("set-one-aaaa", "ann", "10x 3' v3", 120),
        ("set-one-aaaa", "bob", "10x 3' v2", 90),
        ("set-three-cc", "ann", "10x 5' v2", 80),
        ("set-three-cc", "dan", "10x 5' v2", 60),
    ]


def test_filters_agree_with_a_naive_loop():
    """Without filters the donors are those of the groups that are primary, of lung, of a person."""
    wanted = [
        (d, donor, a, n)
        for d, donor, a, _, tissue, _, primary, n in GROUPS
        if primary and "lung" in tissue and donor != "pooled" and n >= 40
    ]
    wanted.sort(key=lambda row: (-row[3], row))
    seen, expected = set(), []
    for row in wanted:
        person = ({"set-three-cc": "c2"}.get(row[0], "c1"), row[1])
        expected += [row] if person not in seen else []
        seen.add(person)
    assert picked(plan(donors=50, assay="any", disease="any")) == expected


def test_only_as_many_donors_as_asked():
    """The smallest are left out, and how many there are is said."""
    made = plan(donors=2)
    assert [s.donor_id for s in made.samples] == ["ann", "bob"]
    assert made.n_donors_found == 4


def test_donors_of_one_name_are_told_apart():
    """Names that two collections share carry their dataset; the others are kept."""
    assert [s.name for s in plan().samples] == ["ann@set-one-", "bob", "ann@set-thre", "dan"]


def test_cells_are_a_sample_of_the_donors_own():
    """Cells are distinct, ascending, of the sample; all where there are fewer than asked."""
    census = MadeUpCensus()
    made = plan(census, cells_per_donor=70)
    assert [len(s.cells) for s in made.samples] == [70, 70, 70, 60]
    for sample in made.samples:
        assert np.all(np.diff(sample.cells) > 0)
        obs = census.obs.iloc[census.rows(sample.cells)]
        assert Counter(obs["donor_id"]) == {sample.donor_id: len(sample.cells)}
        assert set(obs["assay"]) == {sample.assay}
        assert sample.nnz == census.matrix[census.rows(sample.cells)].count_nonzero()


def test_plans_repeat_whatever_the_order_of_rows():
    """The same seed takes the same cells, another seed others, of the same donors."""
    shuffled = MadeUpCensus()
    shuffled.shuffle = True
    one, same, other = plan(cells_per_donor=50), plan(shuffled, cells_per_donor=50), plan(seed=1)
    assert picked(one) == picked(same) == picked(other)
    for a, b in zip(one.samples, same.samples, strict=True):
        assert np.array_equal(a.cells, b.cells)
    other = plan(cells_per_donor=50, seed=1)
    assert not np.array_equal(one.samples[0].cells, other.samples[0].cells)


def test_a_donors_cells_do_not_depend_on_the_other_donors():
    """Asking for more donors later keeps the downloads of the first."""
    few, more = plan(donors=1, cells_per_donor=50), plan(donors=4, cells_per_donor=50)
    assert np.array_equal(few.samples[0].cells, more.samples[0].cells)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_cells": 500}, "no donor has 500 cells of human lung"),
        ({"assay": "Drop-seq", "disease": "asthma"}, "has no cells of human lung, assay Drop-seq"),
    ],
)
def test_nobody_matches(options, words):
    """No cells, and no donor with enough, are said apart, with what to widen."""
    with pytest.raises(DataError, match=words) as caught:
        plan(**options)
    assert "--assay any" in str(caught.value)
