"""Skip-gram training is reproducible, quiet and learns what belongs together."""

import logging

import numpy as np
import pytest
from gensim.models import Word2Vec

from genearena.methods._walks.skip_gram import SkipGram, learning_rates

SENTENCES = [["a", "b"], ["b", "c"], ["c", "a"], ["x", "y"], ["y", "z"], ["z", "x"]] * 60


def trained(seed: int = 0, passes: int = 10) -> SkipGram:
    """Train on two triangles that never meet."""
    model = SkipGram(SENTENCES, dim=6, window=1, seed=seed)
    for start, end in learning_rates(0.1, 1e-4, passes):
        model.train(SENTENCES, start=start, end=end)
    return model


def test_passes_of_ours_are_epochs_of_gensim() -> None:
    """A single pass gives the vectors of gensim's own constructor."""
    ours = SkipGram(SENTENCES, dim=6, window=1, seed=4)
    ours.train(SENTENCES, start=0.05, end=0.001)
    theirs = Word2Vec(
        SENTENCES,
        vector_size=6,
        window=1,
        seed=4,
        sg=1,
        min_count=1,
        sample=0,
        workers=1,
        epochs=1,
        alpha=0.05,
        min_alpha=0.001,
    )
    want = np.stack([theirs.wv[token] for token in "abcxyz"])
    np.testing.assert_array_equal(ours.vectors(list("abcxyz")), want)


def test_tokens_of_one_company_are_alike() -> None:
    """Vectors within a triangle are closer than between triangles."""
    z = trained(passes=40).vectors(list("abcxyz"))
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    similar = z @ z.T
    within = np.r_[similar[:3, :3][np.triu_indices(3, 1)], similar[3:, 3:][np.triu_indices(3, 1)]]
    assert within.min() > similar[:3, 3:].max()


def test_the_loss_falls() -> None:
    """Training lowers the loss it reports."""
    model = SkipGram(SENTENCES, dim=6, window=1, seed=0)
    losses = [model.train(SENTENCES, start=0.05, end=0.05) for _ in range(20)]
    assert losses[-1] < 0.8 * losses[0]


def test_tokens_never_seen_are_zero() -> None:
    """A token outside the vocabulary gets a zero vector, in its place."""
    vectors = trained().vectors(["a", "unseen", "x"])
    assert not vectors[1].any()
    assert vectors[0].any()
    assert vectors[2].any()


def test_vectors_can_be_replaced() -> None:
    """What is set is what is read, for these tokens alone."""
    model = trained()
    before = model.vectors(["b"])
    model.set_vectors(["x", "a"], np.arange(12, dtype=np.float32).reshape(2, 6))
    np.testing.assert_array_equal(model.vectors(["a"])[0], np.arange(6, 12))
    np.testing.assert_array_equal(model.vectors(["b"]), before)


def test_learning_rates_decay_without_gaps() -> None:
    """Each pass goes on where the last one ended."""
    rates = learning_rates(0.05, 0.01, 4)
    np.testing.assert_allclose(np.ravel(rates), [0.05, 0.04, 0.04, 0.03, 0.03, 0.02, 0.02, 0.01])


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """gensim's remarks reach neither stream, and its logger keeps its level."""
    level = logging.getLogger("gensim").level
    trained()
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("gensim").level == level
