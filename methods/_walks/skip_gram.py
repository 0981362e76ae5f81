"""Skip-gram training with negative sampling, one reproducible pass at a time."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
from gensim.models import Word2Vec

from genearena.data.graphs import FloatArray

Sentences = Sequence[Sequence[str]]


class SkipGram:
    """Vectors of tokens that predict the tokens around them (Mikolov et al. 2013).

    gensim does the work, with one worker thread, because more make the result depend on the
    scheduler. Frequent tokens are not thinned out: gensim's threshold of 1e-3 is meant for
    natural language and would drop hub genes from vocabularies of about a thousand.

    Parameters
    ----------
    sentences
        What the vocabulary is taken from.
    dim
        Length of a vector.
    window
        Largest distance between a token and one it predicts.
    seed
        Seed of the first vectors and of every draw.
    negatives
        Random tokens each prediction is contrasted with.
    """

    def __init__(
        self, sentences: Sentences, *, dim: int, window: int, seed: int, negatives: int = 5
    ) -> None:
        with quiet():
            self.model = Word2Vec(
                vector_size=dim,
                window=window,
                seed=seed,
                negative=negatives,
                sg=1,
                min_count=1,
                sample=0,
                workers=1,
            )
            self.model.build_vocab(sentences)

    def train(self, sentences: Sentences, *, start: float, end: float) -> float:
        """Pass over the sentences once.

        Parameters
        ----------
        sentences
            Tokens of the vocabulary, in training order.
        start, end
            Learning rate at the beginning and at the end of the pass.

        Returns
        -------
        Loss, per token of the sentences.
        """
        with quiet():
            self.model.train(
                sentences,
                total_examples=len(sentences),
                epochs=1,
                start_alpha=start,
                end_alpha=end,
                compute_loss=True,
            )
        tokens = sum(len(sentence) for sentence in sentences)
        return float(self.model.get_latest_training_loss()) / max(tokens, 1)

    def vectors(self, tokens: Sequence[str]) -> FloatArray:
        """Return a (tokens, dim) array, zero for tokens outside the vocabulary."""
        known = self.known(tokens)
        found = np.zeros((len(tokens), self.model.vector_size), dtype=np.float32)
        rows = [self.model.wv.key_to_index[tokens[position]] for position in known]
        found[known] = self.model.wv.vectors[rows]
        return found

    def known(self, tokens: Sequence[str]) -> list[int]:
        """Return the positions of the tokens that are in the vocabulary."""
        index = self.model.wv.key_to_index
        return [position for position, token in enumerate(tokens) if token in index]

    def set_vectors(self, tokens: Sequence[str], vectors: FloatArray) -> None:
        """Replace the vectors of tokens of the vocabulary."""
        rows = [self.model.wv.key_to_index[token] for token in tokens]
        self.model.wv.vectors[rows] = vectors

    @property
    def n_parameters(self) -> int:
        """Learned numbers: an input and an output vector per token."""
        return 2 * int(self.model.wv.vectors.size)


def learning_rates(start: float, end: float, passes: int) -> list[tuple[float, float]]:
    """Cut a linear decay of the learning rate into the (start, end) of each pass."""
    steps = np.linspace(start, end, passes + 1)
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
