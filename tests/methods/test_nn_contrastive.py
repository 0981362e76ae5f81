"""The contrastive term against a loop over its anchors."""

import math

import pytest
import torch

from genearena.methods._nn.contrastive import draw, nt_xent


def naive(queries, keys, temperature):
    """Compute the loss anchor by anchor in plain Python."""
    vectors = [*queries.tolist(), *keys.tolist()]
    m = len(vectors) // 2
    losses = []
    for a, anchor in enumerate(vectors):
        weights = {
            b: math.exp(sum(u * v for u, v in zip(anchor, other, strict=True)) / temperature)
            for b, other in enumerate(vectors)
            if b != a
        }
        losses.append(-math.log(weights[(a + m) % (2 * m)] / sum(weights.values())))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("m", [1, 2, 9])
@pytest.mark.parametrize("temperature", [0.07, 1.0])
def test_loss_equals_a_loop_over_all_anchors(m, temperature):
    """All 2m anchors count: the partner as positive, all others as negatives."""
    torch.manual_seed(m)
    queries, keys = torch.nn.functional.normalize(torch.randn(2, m, 5).double(), dim=-1)
    got = nt_xent(queries, keys, temperature)
    want = naive(queries, keys, temperature)
    assert got.item() == pytest.approx(want, abs=1e-6)


def test_loss_is_symmetric_in_queries_and_keys():
    """Exchanging queries and keys changes nothing."""
    torch.manual_seed(0)
    queries, keys = torch.nn.functional.normalize(torch.randn(2, 6, 5).double(), dim=-1)
    torch.testing.assert_close(nt_xent(queries, keys, 0.07), nt_xent(keys, queries, 0.07))


def test_equal_vectors_give_the_loss_of_a_uniform_guess():
    """With all 2m vectors equal the loss is log(2m - 1)."""
    vectors = torch.zeros(4, 3)
    vectors[..., 0] = 1.0
    assert float(nt_xent(vectors, vectors, 0.07)) == pytest.approx(math.log(7), abs=1e-5)


def test_draw_takes_different_rows_and_all_when_there_are_few():
    """Rows are drawn without replacement, and none is drawn twice to fill up."""
    source = torch.Generator().manual_seed(0)
    rows = torch.arange(100, 300)
    drawn = draw(rows, 50, source)
    assert len(set(drawn.tolist())) == 50
    assert set(drawn.tolist()) <= set(rows.tolist())
    assert drawn.tolist() != draw(rows, 50, source).tolist()
    assert draw(rows[:7], 50, source).tolist() == rows[:7].tolist()
    assert len(draw(rows[:0], 50, source)) == 0
