"""Skip-gram training is gensim's, reproducible, quiet, and learns what belongs together."""

import logging

import numpy as np
import pytest
from gensim.models import Word2Vec

from genearena.methods._walks.negative_sampling import noise_table, pairs_within_reach
from genearena.methods._walks.skip_gram import SkipGram, learning_rates

# two triangles that never meet, and a token never seen
SENTENCES = np.array([[0, 1], [1, 2], [2, 0], [4, 5], [5, 6], [6, 4]] * 60)
N_TOKENS = 7
SEEN = [0, 1, 2, 4, 5, 6]


def trained(seed: int = 0, passes: int = 10) -> SkipGram:
    """Train on two triangles."""
    model = SkipGram(SENTENCES, N_TOKENS, dim=6, window=1, seed=seed)
    for start, end in learning_rates(0.1, 1e-4, passes):
        model.train(SENTENCES, start=start, end=end)
    return model


def some_walks(n_tokens: int, length: int, seed: int = 0) -> np.ndarray:
    """Draw 25 000 tokens or so in sequences of neighbouring numbers, the first ones rare."""
    rng = np.random.default_rng(seed)
    starts = (n_tokens * np.sqrt(rng.random(25_003 // length))).astype(int)
    return (starts[:, None] + rng.integers(0, 5, (len(starts), length)).cumsum(axis=1)) % n_tokens


@pytest.mark.parametrize("sample", [0, 1e-3, 0.02])
@pytest.mark.parametrize(
    ("length", "window", "negatives", "dim", "passes"),
    [(2, 1, 5, 32, 3), (10, 5, 5, 32, 2), (80, 10, 5, 7, 1), (30, 3, 1, 128, 1), (6, 4, 20, 1, 1)],
)
def test_vectors_are_gensims(
    length: int, window: int, negatives: int, dim: int, passes: int, sample: float
) -> None:
    """Over several jobs and passes the vectors are those of one worker of gensim's."""
    n_tokens = 150
    sentences = some_walks(n_tokens, length)
    settings = {"dim": dim, "window": window, "seed": 4, "negatives": negatives}
    ours = SkipGram(sentences, n_tokens, **settings, sample=sample)
    for start, end in learning_rates(0.05, 0.001, passes):
        ours.train(sentences, start=start, end=end)
    theirs = Word2Vec(
        [[str(token) for token in sentence] for sentence in sentences],
        vector_size=dim,
        window=window,
        seed=4,
        negative=negatives,
        sg=1,
        min_count=1,
        sample=sample,
        workers=1,
        epochs=passes,
        alpha=0.05,
        min_alpha=0.001,
    )
    want = np.stack([theirs.wv[str(token)] for token in ours.known])
    first = SkipGram(sentences, n_tokens, dim=dim, window=window, seed=4).vectors()[ours.known]
    assert np.abs(want - first).max() > 0.05
    # a product rounded across a cell of the sigmoid's table moves a vector by about 1e-4
    np.testing.assert_allclose(ours.vectors()[ours.known], want, atol=1e-3)


def test_the_loss_is_gensims() -> None:
    """One short pass reports the sum gensim reports, which keeps it in single precision."""
    sentences = some_walks(40, 10)[:300]
    ours = SkipGram(sentences, 40, dim=8, window=2, seed=1)
    loss = ours.train(sentences, start=0.05, end=0.05)
    theirs = Word2Vec(
        [[str(token) for token in sentence] for sentence in sentences],
        vector_size=8,
        window=2,
        seed=1,
        sg=1,
        min_count=1,
        sample=0,
        workers=1,
        epochs=1,
        alpha=0.05,
        min_alpha=0.05,
        compute_loss=True,
    )
    assert loss == pytest.approx(theirs.get_latest_training_loss() / sentences.size, rel=1e-4)


@pytest.mark.parametrize("window", [1, 3, 9])
def test_tokens_are_predicted_from_those_within_reach(window: int) -> None:
    """Pairs are those of a loop over centres and neighbours in each sentence, in its order."""
    rng = np.random.default_rng(window)
    sentences, shrinks = rng.integers(0, 50, (7, 6)), rng.integers(0, window, 42)
    reach = (window - shrinks).reshape(7, 6)
    want = [
        (sentence[centre], sentence[near])
        for sentence, reaches in zip(sentences, reach, strict=True)
        for centre in range(6)
        for near in range(6)
        if 0 < abs(near - centre) <= reaches[centre]
    ]
    begins = np.arange(0, sentences.size + 1, sentences.shape[1])
    got = pairs_within_reach(sentences.ravel(), begins, shrinks, window)
    np.testing.assert_array_equal(np.transpose(got), want)


@pytest.mark.parametrize("n_tokens", [1, 2, 5, 1000])
def test_random_tokens_are_found_in_about_one_step(n_tokens: int) -> None:
    """The guide starts at or shortly before the token whose share a draw falls in."""
    shares = np.random.default_rng(2).pareto(1, n_tokens).cumsum()
    shares = np.round(shares / shares[-1] * (2**31 - 1)).astype(np.uint32)
    cumulative, guide, shift = noise_table(shares)
    draws = np.random.default_rng(3).integers(0, 2**31 - 1, 5000)
    draws = np.concatenate([draws, [0, 2**31 - 2], cumulative[:-1]]).astype(np.uint64)
    missing = np.searchsorted(cumulative, draws) - guide[draws >> shift]
    assert missing.min() >= 0
    assert missing.mean() < 1


def test_tokens_of_one_company_are_alike() -> None:
    """Vectors within a triangle are closer than between triangles."""
    z = trained(passes=40).vectors()[SEEN]
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    similar = z @ z.T
    within = np.r_[similar[:3, :3][np.triu_indices(3, 1)], similar[3:, 3:][np.triu_indices(3, 1)]]
    assert within.min() > similar[:3, 3:].max()


def test_the_loss_falls() -> None:
    """Training lowers the loss it reports."""
    model = SkipGram(SENTENCES, N_TOKENS, dim=6, window=1, seed=0)
    losses = [model.train(SENTENCES, start=0.05, end=0.05) for _ in range(20)]
    assert losses[-1] < 0.8 * losses[0]


def test_seeds_decide_the_vectors() -> None:
    """One seed gives the same bits again; another seed gives other vectors."""
    np.testing.assert_array_equal(trained(1).vectors(), trained(1).vectors())
    assert (trained(1).vectors() != trained(2).vectors()).any()


def test_tokens_never_seen_are_zero() -> None:
    """A token outside the vocabulary gets a zero vector, in its place."""
    model = trained()
    np.testing.assert_array_equal(np.flatnonzero(model.vectors().any(axis=1)), SEEN)
    np.testing.assert_array_equal(model.known, SEEN)
    assert model.n_parameters == 2 * 6 * len(SEEN)


def test_vectors_can_be_replaced() -> None:
    """What is set is what is read, for these tokens alone, and training goes on from it."""
    model = trained()
    before = model.vectors()
    model.set_vectors(np.array([4, 0]), np.arange(12, dtype=np.float32).reshape(2, 6))
    after = model.vectors()
    np.testing.assert_array_equal(after[[4, 0]], np.arange(12).reshape(2, 6))
    np.testing.assert_array_equal(after[[1, 2, 5, 6]], before[[1, 2, 5, 6]])
    model.train(SENTENCES, start=1e-3, end=1e-3)
    assert 0 < np.abs(model.vectors() - after).max() < 1


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
