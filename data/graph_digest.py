"""The checksums by which data are known to be the same."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from genearena.data.graphs import GeneGraph


_DROPPED = 13
"""Of the 24 bits of a number; the 11 that are left are three decimal digits."""


def graph_digest(graph: "GeneGraph", *, exact: bool = False) -> str:
    """Return the SHA-256 of everything but a graph's name and the rule that picked its genes.

    Of profiles and true correlations it is the first three digits: the last ones depend on which
    instructions a processor has, and the same data must be known as the same on any machine.
    `exact` takes all digits, as versions up to 0.2.0 did.
    """
    digest = hashlib.sha256()
    for part in _content(graph, (lambda values: values) if exact else _first_digits):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def task_fingerprint(tissue: str, source: str, graphs: Iterable[tuple[str, str]]) -> str:
    """Return the fingerprint of a task from the name and digest of each of its graphs."""
    parts = [tissue, source, *(part for graph in graphs for part in graph)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _first_digits(values: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Round numbers to their leading bits: two alike but for the last bit differ once in 8192."""
    bits = np.ascontiguousarray(values + np.float32(0)).view(np.uint32)  # no -0
    return (bits + np.uint32(1 << (_DROPPED - 1))) >> np.uint32(_DROPPED)


def _content(
    graph: "GeneGraph", digits: Callable[[npt.NDArray[np.float32]], npt.NDArray[Any]]
) -> Iterator[bytes]:
    yield "\0".join((graph.tissue, graph.modality, graph.species)).encode()
    yield "\0".join(graph.genes).encode()
    yield digits(graph.x).tobytes()
    yield graph.adjacency.indptr.astype(np.int64).tobytes()
    yield graph.adjacency.indices.astype(np.int64).tobytes()
    if graph.counts is not None:
        for part in (graph.counts.indptr, graph.counts.indices, graph.counts.data):
            yield part.astype(np.int64).tobytes()
    yield b"" if graph.truth is None else graph.truth.astype(np.int64).tobytes()
    # graphs stored before there were such parts keep their digests
    if graph.replicate is not None:
        yield b"replicate"
        yield graph.replicate.indptr.astype(np.int64).tobytes()
        yield graph.replicate.indices.astype(np.int64).tobytes()
    if graph.latent is not None:
        yield b"latent"
        yield digits(graph.latent).tobytes()
