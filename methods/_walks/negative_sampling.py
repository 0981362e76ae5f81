"""gensim's skip-gram update with negative sampling, compiled.

gensim spends its time on calls: two of BLAS per contrasted token on vectors of 32 numbers, a binary
search per random token, a Python object per token of the corpus. Here the sums are inlined, a guide
table finds the random token in about one step, and the corpus is an array. The arithmetic is
gensim's to the last table: same rounding of the sigmoid, same random numbers, same order.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from genearena.data.common.compiled import compiled
from genearena.data.graphs import FloatArray, IntArray

WordArray = npt.NDArray[np.uint64]
Lookup = tuple[WordArray, IntArray, np.uint64]

_DRAWS = 2**31 - 1
_LIMIT = 6.0
_CELLS = 1000
# gensim's integer division of 1000 cells by 6 and by 2, which it also looks them up with
_CELLS_PER_UNIT = 83.0


def _sigmoid_tables() -> tuple[FloatArray, FloatArray]:
    exponential = np.exp((np.arange(_CELLS) / _CELLS * 2 - 1) * _LIMIT).astype(np.float32)
    sigmoid = exponential / (exponential + np.float32(1))
    return sigmoid, np.log(sigmoid.astype(np.float64)).astype(np.float32)


_SIGMOID, _LOG_SIGMOID = _sigmoid_tables()


@dataclass(frozen=True)
class NoiseTable:
    """Cumulative shares of the tokens among random draws, with where to start looking.

    Parameters
    ----------
    cumulative
        (V,) draws up to which each token is meant; the last is 2**31 - 1.
    guide
        (2**bits,) first token that can be meant by draws with these leading bits.
    shift
        Number of bits of a draw below the leading ones.
    """

    cumulative: WordArray
    guide: IntArray
    shift: np.uint64

    @classmethod
    def of(cls, cumulative: npt.NDArray[np.unsignedinteger]) -> Self:
        """Prepare gensim's table for look-up, with four guide cells per token or more."""
        table = cumulative.astype(np.uint64)
        bits = min(31, int(np.ceil(np.log2(4 * len(table)))))
        shift = np.uint64(31 - bits)
        first = np.arange(2**bits, dtype=np.uint64) << shift
        return cls(table, np.searchsorted(table, first).astype(np.int64), shift)


def train_job(
    vectors: FloatArray,
    contexts: FloatArray,
    pairs: tuple[IntArray, IntArray],
    *,
    noise: NoiseTable,
    negatives: int,
    rate: float,
    draw: int,
) -> float:
    """Update the vectors, in place, by one pair of tokens after the other.

    Parameters
    ----------
    vectors, contexts
        (V, dim) input and output vectors.
    pairs
        (P,) tokens to predict and (P,) tokens to predict them from, as rows of the vectors.
    noise
        Table of the random tokens.
    negatives
        Random tokens each prediction is contrasted with.
    rate
        Learning rate.
    draw
        State of the linear congruential generator of the random tokens, below 2**48.

    Returns
    -------
    Loss, summed over the pairs.
    """
    lookup = (noise.cumulative, noise.guide, noise.shift)
    tables = (_SIGMOID, _LOG_SIGMOID)
    settings = (negatives, np.float32(rate), np.uint64(draw))
    return float(_train(vectors, contexts, *pairs, lookup, tables, settings))


@compiled
def pairs_within_reach(
    sentences: IntArray, shrinks: IntArray, window: int
) -> tuple[IntArray, IntArray]:
    """List which token is predicted from which.

    Parameters
    ----------
    sentences
        (m, length) tokens.
    shrinks
        (m * length,) by how much the window of each token is narrowed.
    window
        Largest distance between a token and one it is predicted from.

    Returns
    -------
    (P,) predicted tokens and (P,) tokens they are predicted from.
    """
    length = sentences.shape[1]
    predicted = np.empty(sentences.size * min(2 * window, length - 1), dtype=np.int64)
    given = np.empty_like(predicted)
    count = 0
    for row in range(sentences.shape[0]):
        for centre in range(length):
            reach = window - shrinks[row * length + centre]
            for near in range(max(0, centre - reach), min(length, centre + reach + 1)):
                if near != centre:
                    predicted[count] = sentences[row, centre]
                    given[count] = sentences[row, near]
                    count += 1
    return predicted[:count], given[:count]


@compiled
def _noise_token(lookup: Lookup, draw: np.uint64) -> int:
    cumulative, guide, shift = lookup
    # the upper 32 of 48 bits modulo 2**31 - 1, without a division
    share = draw >> np.uint64(16)
    while share >= np.uint64(_DRAWS):
        share -= np.uint64(_DRAWS)
    token = guide[share >> shift]
    while cumulative[token] < share:
        token += 1
    return int(token)


# One function on purpose: split, it takes twice the time, as the compiler no longer sees that the
# two buffers of its own overlap nothing.
@compiled
def _train(
    vectors: FloatArray,
    contexts: FloatArray,
    predicted: IntArray,
    given: IntArray,
    lookup: Lookup,
    tables: tuple[FloatArray, FloatArray],
    settings: tuple[int, np.float32, np.uint64],
) -> float:
    sigmoid, log_sigmoid = tables
    negatives, rate, draw = settings
    limit, scale = np.float32(_LIMIT), np.float32(_CELLS_PER_UNIT)
    dim = vectors.shape[1]
    here = np.empty(dim, dtype=np.float32)
    step = np.empty(dim, dtype=np.float32)
    loss = 0.0
    for pair in range(predicted.size):
        own = given[pair]
        for k in range(dim):
            here[k] = vectors[own, k]
            step[k] = np.float32(0)
        for contrast in range(negatives + 1):
            target = predicted[pair]
            if contrast:
                random = _noise_token(lookup, draw)
                draw = (draw * np.uint64(25214903917) + np.uint64(11)) & np.uint64(2**48 - 1)
                if random == target:
                    continue
                target = random
            product = np.float32(0)
            for k in range(dim):
                product += here[k] * contexts[target, k]
            if product <= -limit or product >= limit:
                continue
            label = np.float32(contrast == 0)
            likely = -product if contrast else product
            loss -= log_sigmoid[int((likely + limit) * scale)]
            gain = (label - sigmoid[int((product + limit) * scale)]) * rate
            for k in range(dim):
                context = contexts[target, k]
                step[k] += gain * context
                contexts[target, k] = context + gain * here[k]
        for k in range(dim):
            vectors[own, k] += step[k]
    return loss
