"""BRAS against scikit-learn and a naive loop, its extremes and edge cases."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from genearena.metrics.asw import METRIC as ASW
from genearena.metrics.base import NotDefined
from genearena.metrics.scib_bras import METRIC

LABEL = np.repeat([0, 1, -1], [12, 9, 5])


def drawn(n_datasets, seed=0, shift=1.0):
    """Draw vectors of as many data sets, each moved somewhere."""
    rng = np.random.default_rng(seed)
    places = shift * rng.normal(size=(n_datasets, 1, 6))
    return (places + rng.normal(size=(n_datasets, len(LABEL), 6))).astype(np.float32)


def naive(rows, dataset):
    """One minus the mean absolute silhouette with the mean distance to all others, row by row."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    distance = 1 - unit @ unit.T
    silhouettes = []
    for i in range(len(rows)):
        own = (dataset == dataset[i]) & (np.arange(len(rows)) != i)
        a, b = distance[i, own].mean(), distance[i, dataset != dataset[i]].mean()
        silhouettes.append((b - a) / max(a, b))
    return 1 - np.abs(silhouettes).mean()


def per_label(vectors, of):
    """Average a function of rows and data sets over the labels."""
    values = []
    for label in (0, 1):
        rows = vectors[:, label == LABEL].astype(float)
        dataset = np.repeat(np.arange(len(rows)), rows.shape[1])
        values.append(of(np.concatenate(rows), dataset))
    return np.mean(values)


def test_of_two_data_sets_it_is_scikit_learns_silhouette(labelled_space):
    """With one other data set its mean distance is that to the nearest: 1e-5."""
    vectors = drawn(2)
    expected = per_label(
        vectors, lambda z, b: 1 - np.abs(silhouette_samples(z, b, metric="cosine")).mean()
    )
    made = labelled_space(vectors, [LABEL, LABEL])
    assert METRIC(made).value == pytest.approx(expected, abs=1e-5)


def test_equals_the_naive_loop(labelled_space):
    """Of three data sets, to double precision; genes without a label do not count."""
    vectors = drawn(3)
    made = labelled_space(vectors, [LABEL] * 3)
    assert METRIC(made).value == pytest.approx(per_label(vectors, naive), abs=1e-9)


def test_best_is_rows_in_one_direction(labelled_space):
    """However long they are, in every data set."""
    direction = np.eye(3)[LABEL]
    made = labelled_space([direction, 2 * direction, 5 * direction], [LABEL] * 3)
    assert METRIC(made).value == pytest.approx(1)


def test_worst_is_data_sets_in_directions_of_their_own(labelled_space):
    """Tight and orthogonal: silhouette 1 everywhere."""
    vectors = np.tile(np.eye(3)[:, None], (1, len(LABEL), 1))
    assert METRIC(labelled_space(vectors, [LABEL] * 3)).value == pytest.approx(0, abs=1e-12)


def test_chance_is_near_the_best(labelled_space):
    """Noise mixes the data sets: what permuted data sets give, by the naive loop."""
    vectors = drawn(3, shift=0.0)
    value = METRIC(labelled_space(vectors, [LABEL] * 3)).value
    rng = np.random.default_rng(1)
    permuted = [per_label(vectors, lambda z, b: naive(z, rng.permutation(b))) for _ in range(20)]
    assert value == pytest.approx(np.mean(permuted), abs=3 * np.std(permuted))
    assert value > 0.85


def test_data_sets_that_hide_behind_a_neighbour_are_seen(space, graph):
    """Two pairs of data sets, each mixed in itself: ASW's nearest other data set is near."""
    rng = np.random.default_rng(2)
    places = np.eye(2, 6)[[0, 0, 1, 1]][:, None]
    vectors = 20 * places + rng.normal(size=(4, len(LABEL), 6))
    genes, edges = [f"G{g}" for g in range(len(LABEL))], np.zeros((len(LABEL),) * 2)
    graphs = [graph(f"d{b}", genes, edges, LABEL) for b in range(4)]
    made = space(graphs, vectors, np.zeros(4 * len(LABEL)))
    assert ASW(made).value > 0.85
    assert METRIC(made).value < 0.5


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([LABEL], "one data set"),
        ([LABEL, np.where(LABEL >= 0, LABEL + 2, -1)], "no label has rows to compare"),
        ([np.minimum(LABEL, 0)] * 2, "fewer than two labels"),
    ],
)
def test_not_defined(labelled_space, labels, message):
    """One data set, labels that no two share, or a single label have no BRAS."""
    with pytest.raises(NotDefined, match=message):
        METRIC(labelled_space(drawn(len(labels)), labels))
