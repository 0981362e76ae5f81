"""Read vectors of names as text, the way word2vec, gensim and Gene2vec write them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.text import numbered_lines

MOST_DIMENSIONS = 16_384
LONGEST_COUNT = 20
"""Digits of a number of vectors."""


def word2vec_rows(path: Path) -> Iterator[tuple[int, str, npt.NDArray[np.float64]]]:
    """Yield (number of the line, name, vector) of every line ``NAME v1 v2 …``.

    Any blanks and tabs may stand between them. A first line of two whole numbers is word2vec's
    header: how many vectors of which length follow. Names may be there several times.

    Raises
    ------
    DataError
        If the file cannot be read, is gzipped and damaged, or a line has no vector like the others'
        of finite numbers; or there are not as many as the header says.
    """
    announced, width, count = None, 0, 0
    for number, line in numbered_lines(path):
        fields = line.split(None, MOST_DIMENSIONS + 1)
        if number == 1 and len(fields) == 2 and all(map(_is_count, fields)):
            announced = int(fields[0]), int(fields[1])
            width = announced[1]
            continue
        if not fields:
            continue
        name, *texts = fields
        if len(texts) > MOST_DIMENSIONS:
            raise DataError(f"line {number} has more than {MOST_DIMENSIONS} numbers")
        width = width or len(texts)
        if not texts or len(texts) != width:
            raise DataError(f"line {number} has {len(texts)} numbers, want {width or 'some'}")
        yield number, name, _numbers(texts, number)
        count += 1
    if announced is not None and announced != (count, width):
        raise DataError(
            f"its first line announces {announced[0]} vectors of length {announced[1]}, it has "
            f"{count} of {width}; take a whole file"
        )


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) < LONGEST_COUNT


def _numbers(texts: Sequence[str], number: int) -> npt.NDArray[np.float64]:
    try:
        values = np.array(list(map(float, texts)))
    except ValueError as error:
        raise DataError(f"line {number} has no numbers after its gene") from error
    if not np.isfinite(values).all():
        raise DataError(f"line {number} has a value that is not finite; take a sound file")
    return values
