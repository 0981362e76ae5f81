"""Skip-gram training with negative sampling, one reproducible pass at a time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
from gensim.models import Word2Vec

from genearena.data.graphs import FloatArray, IntArray
from genearena.methods._walks.negative_sampling import (
    SIGMOIDS,
    noise_table,
    pairs_within_reach,
    thinned,
    train_job,
)

Sentences = IntArray

# gensim's, after which it draws anew and lowers the learning rate
_TOKENS_PER_JOB = 10_000


class SkipGram:
    """Vectors of tokens that predict the tokens around them (Mikolov et al. 2013).

    gensim sets the model up (vocabulary, first vectors, table of random tokens); the passes are
    gensim's with one worker, update by update, in compiled code of ours that takes arrays. Given
    the same seed the vectors are those of gensim up to rounding, and training on the walks of 1000
    genes takes a fifth of its time, on edges a tenth.

    Parameters
    ----------
    sentences
        (m, length) tokens from 0 to `n_tokens` - 1; what the vocabulary is taken from.
    n_tokens
        Number of tokens there could be.
    dim
        Length of a vector.
    window
        Largest distance between a token and one it predicts.
    seed
        Seed of the first vectors and of every draw.
    negatives
        Random tokens each prediction is contrasted with.
    sample
        Share of all tokens above which a token is left out now and then, as gensim has it; 0 for
        none.
    """

    def __init__(
        self,
        sentences: Sentences,
        n_tokens: int,
        *,
        dim: int,
        window: int,
        seed: int,
        negatives: int = 5,
        sample: float = 0.0,
    ) -> None:
        with quiet():
            self.model = Word2Vec(
                vector_size=dim,
                window=window,
                seed=seed,
                negative=negatives,
                sg=1,
                min_count=1,
                sample=sample,
                workers=1,
            )
            self.model.build_vocab_from_freq(_frequencies(sentences, n_tokens))
        self._noise = noise_table(self.model.cum_table)
        self._row = np.full(n_tokens, -1, dtype=np.int64)
        in_order = np.array(self.model.wv.index_to_key, dtype=np.int64)
        self._row[in_order] = np.arange(len(in_order))
        words = self.model.wv
        self._chances = None
        if sample:
            chances = [words.get_vecattr(word, "sample_int") for word in words.index_to_key]
            self._chances = np.array(chances, dtype=np.uint64)

    def train(self, sentences: Sentences, *, start: float, end: float) -> float:
        """Pass over the sentences once.

        Parameters
        ----------
        sentences
            (m, length) tokens of the vocabulary, in training order.
        start, end
            Learning rate at the beginning and at the end of the pass.

        Returns
        -------
        Loss, per token of the sentences.
        """
        rows = self._row.take(sentences)
        size = max(1, _TOKENS_PER_JOB // max(1, rows.shape[1]))
        loss = 0.0
        for first in range(0, len(rows), size):
            rate = start - (start - end) * first / len(rows)
            loss += self._train_job(rows[first : first + size], rate)
        return loss / max(rows.size, 1)

    def vectors(self) -> FloatArray:
        """Return a (n_tokens, dim) array, zero for tokens outside the vocabulary."""
        found = np.zeros((len(self._row), self.model.vector_size), dtype=np.float32)
        found[self.known] = self.model.wv.vectors[self._row[self.known]]
        return found

    @property
    def known(self) -> IntArray:
        """Tokens of the vocabulary, ascending."""
        return np.flatnonzero(self._row >= 0)

    def set_vectors(self, tokens: IntArray, vectors: FloatArray) -> None:
        """Replace the vectors of tokens of the vocabulary."""
        self.model.wv.vectors[self._row[tokens]] = vectors

    @property
    def n_parameters(self) -> int:
        """Learned numbers: an input and an output vector per token."""
        return 2 * int(self.model.wv.vectors.size)

    def _train_job(self, rows: IntArray, rate: float) -> float:
        # the draws of a gensim job, in its order
        random, window = self.model.random, self.model.window
        high, low = (int(random.randint(0, 2**24)) for _ in range(2))
        draw = np.uint64(2**24 * high + low)
        tokens, begins = rows.ravel(), np.arange(0, rows.size + 1, rows.shape[1])
        if self._chances is not None:
            tokens, begins, draw = thinned(rows, self._chances, draw)
        shrinks = random.randint(0, window, tokens.size)
        pairs = pairs_within_reach(tokens, begins, shrinks, window)
        settings = self.model.negative, np.float32(rate), np.uint64(draw)
        vectors, contexts = self.model.wv.vectors, self.model.syn1neg
        return train_job(vectors, contexts, *pairs, self._noise, SIGMOIDS, settings)


def learning_rates(start: float, end: float, epochs: int) -> list[tuple[float, float]]:
    """Cut a linear decay of the learning rate into the (start, end) of each pass."""
    steps = np.linspace(start, end, epochs + 1)
    return [(float(a), float(b)) for a, b in pairwise(steps)]


@contextmanager
def quiet() -> Iterator[None]:
    """Keep gensim from warning about small corpora on stderr."""
    logger = logging.getLogger("gensim")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _frequencies(sentences: Sentences, n_tokens: int) -> dict[str, int]:
    """Count the tokens in order of appearance, which decides between equally frequent ones."""
    tokens = sentences.ravel()
    counts = np.bincount(tokens, minlength=n_tokens)
    first = np.full(n_tokens, tokens.size)
    # of several values for one place the last is kept, here that of the first appearance
    first[tokens[::-1]] = np.arange(tokens.size)[::-1]
    present = np.argsort(first)[: np.count_nonzero(counts)]
    return {str(token): int(counts[token]) for token in present}
