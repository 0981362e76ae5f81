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

from genearena.data.graphs import FloatArray, IntArray
from genearena.methods._walks.compiled import compiled

WordArray = npt.NDArray[np.uint64]

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
    sentences: IntArray,
    shrinks: IntArray,
    *,
    window: int,
    noise: NoiseTable,
    negatives: int,
    rate: float,
    draw: int,
) -> float:
    """Update the vectors, in place, by every pair of tokens within reach of each other.

    Parameters
    ----------
    vectors, contexts
        (V, dim) input and output vectors.
    sentences
        (m, length) tokens, as rows of the vectors.
    shrinks
        (m * length,) by how much the window of each token is narrowed.
    window
        Largest distance between a token and one it predicts.
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
    lookup = (noise.cumulative, noise.guide, noise.shift, negatives)
    tables = (_SIGMOID, _LOG_SIGMOID)
    return float(
        _train(
            vectors,
            contexts,
            sentences,
            shrinks,
            window,
            lookup,
            tables,
            np.float32(rate),
            np.uint64(draw),
        )
    )


@compiled
def _noise_token(cumulative: WordArray, guide: IntArray, shift: np.uint64, draw: np.uint64) -> int:
    # the upper 32 of 48 bits modulo 2**31 - 1, without a division
    share = draw >> np.uint64(16)
    while share >= np.uint64(_DRAWS):
        share -= np.uint64(_DRAWS)
    token = guide[share >> shift]
    while cumulative[token] < share:
        token += 1
    return int(token)


@compiled
def _train(
    vectors: FloatArray,
    contexts: FloatArray,
    sentences: IntArray,
    shrinks: IntArray,
    window: int,
    lookup: tuple[WordArray, IntArray, np.uint64, int],
    tables: tuple[FloatArray, FloatArray],
    rate: np.float32,
    draw: np.uint64,
) -> float:
    cumulative, guide, shift, negatives = lookup
    sigmoid, log_sigmoid = tables
    dim = vectors.shape[1]
    here = np.empty(dim, dtype=np.float32)
    step = np.empty(dim, dtype=np.float32)
    limit, scale = np.float32(_LIMIT), np.float32(_CELLS_PER_UNIT)
    loss = 0.0
    for row in range(sentences.shape[0]):
        length = sentences.shape[1]
        for centre in range(length):
            reach = window - shrinks[row * length + centre]
            for near in range(max(0, centre - reach), min(length, centre + reach + 1)):
                if near == centre:
                    continue
                own = sentences[row, near]
                for k in range(dim):
                    here[k] = vectors[own, k]
                    step[k] = np.float32(0)
                for contrast in range(negatives + 1):
                    target = sentences[row, centre]
                    if contrast:
                        random = _noise_token(cumulative, guide, shift, draw)
                        draw = (draw * np.uint64(25214903917) + np.uint64(11)) & np.uint64(
                            2**48 - 1
                        )
                        if random == target:
                            continue
                        target = random
                    product = np.float32(0)
                    for k in range(dim):
                        product += here[k] * contexts[target, k]
                    if product <= -limit or product >= limit:
                        continue
                    expected = sigmoid[int((product + limit) * scale)]
                    if contrast:
                        gain = -expected * rate
                        loss -= log_sigmoid[int((limit - product) * scale)]
                    else:
                        gain = (np.float32(1) - expected) * rate
                        loss -= log_sigmoid[int((product + limit) * scale)]
                    for k in range(dim):
                        context = contexts[target, k]
                        step[k] += gain * context
                        contexts[target, k] = context + gain * here[k]
                for k in range(dim):
                    vectors[own, k] += step[k]
    return loss
