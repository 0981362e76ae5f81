"""gensim's skip-gram update with negative sampling, compiled.

gensim spends its time on calls: two of BLAS per contrasted token on vectors of 32 numbers, a binary
search per random token, a Python object per token of the corpus. Here the sums are inlined, a guide
table finds the random token in about one step, and the corpus is an array. The arithmetic is
gensim's to the last table: same rounding of the sigmoid, same random numbers, same order.
"""

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


_EXPONENTIAL = np.exp((np.arange(_CELLS) / _CELLS * 2 - 1) * _LIMIT).astype(np.float32)
_SIGMOID: FloatArray = _EXPONENTIAL / (_EXPONENTIAL + np.float32(1))
SIGMOIDS = _SIGMOID, np.log(_SIGMOID.astype(np.float64)).astype(np.float32)


def noise_table(cumulative: npt.NDArray[np.unsignedinteger]) -> Lookup:
    """Prepare gensim's table of random tokens for look-up, with four guide cells a token or more.

    Parameters
    ----------
    cumulative
        (V,) draws up to which each token is meant; the last is 2**31 - 1.

    Returns
    -------
    The table, the (2**bits,) first token that can be meant by draws with these leading bits, and
    the number of bits below the leading ones.
    """
    table = cumulative.astype(np.uint64)
    bits = min(31, int(np.ceil(np.log2(4 * len(table)))))
    shift = np.uint64(31 - bits)
    first = np.arange(2**bits, dtype=np.uint64) << shift
    return table, np.searchsorted(table, first).astype(np.int64), shift


@compiled
def thinned(
    sentences: IntArray, chances: WordArray, draw: np.uint64
) -> tuple[IntArray, IntArray, np.uint64]:
    """Leave out frequent tokens at random.

    Parameters
    ----------
    sentences
        (m, length) tokens.
    chances
        (V,) of 2**32 draws those that keep a token, as gensim has them.
    draw
        State of the linear congruential generator, below 2**48.

    Returns
    -------
    The tokens left, (m + 1,) where each sentence begins among them, and the generator's state.
    """
    kept = np.empty(sentences.size, dtype=np.int64)
    begins = np.zeros(sentences.shape[0] + 1, dtype=np.int64)
    count = 0
    for row in range(sentences.shape[0]):
        for place in range(sentences.shape[1]):
            token = sentences[row, place]
            share = draw >> np.uint64(16)
            draw = (draw * np.uint64(25214903917) + np.uint64(11)) & np.uint64(2**48 - 1)
            if chances[token] >= share:
                kept[count] = token
                count += 1
        begins[row + 1] = count
    return kept[:count], begins, draw


@compiled
def pairs_within_reach(
    tokens: IntArray, begins: IntArray, shrinks: IntArray, window: int
) -> tuple[IntArray, IntArray]:
    """List which token is predicted from which.

    Parameters
    ----------
    tokens
        (n,) tokens of all sentences.
    begins
        (m + 1,) where each sentence begins among them; the last entry is n.
    shrinks
        (n,) by how much the window of each token is narrowed.
    window
        Largest distance between a token and one it is predicted from.

    Returns
    -------
    (P,) predicted tokens and (P,) tokens they are predicted from.
    """
    most = 0
    for row in range(begins.size - 1):
        length = begins[row + 1] - begins[row]
        most += length * min(2 * window, length - 1)
    predicted = np.empty(most, dtype=np.int64)
    given = np.empty_like(predicted)
    count = 0
    for row in range(begins.size - 1):
        first, end = begins[row], begins[row + 1]
        for centre in range(first, end):
            reach = window - shrinks[centre]
            for near in range(max(first, centre - reach), min(end, centre + reach + 1)):
                if near != centre:
                    predicted[count] = tokens[centre]
                    given[count] = tokens[near]
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
def train_job(
    vectors: FloatArray,
    contexts: FloatArray,
    predicted: IntArray,
    given: IntArray,
    lookup: Lookup,
    tables: tuple[FloatArray, FloatArray],
    settings: tuple[int, np.float32, np.uint64],
) -> float:
    """Update the vectors, in place, by one pair of tokens after the other.

    Parameters
    ----------
    vectors, contexts
        (V, dim) input and output vectors.
    predicted, given
        (P,) tokens to predict and (P,) tokens to predict them from, as rows of the vectors.
    lookup
        What `noise_table` gives.
    tables
        `SIGMOIDS`.
    settings
        Random tokens each prediction is contrasted with, learning rate, and state of the linear
        congruential generator of the random tokens, below 2**48.

    Returns
    -------
    Loss, summed over the pairs.
    """
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
