"""The checksums by which data are known to be the same."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from genearena.data.graphs import GeneGraph


def graph_digest(graph: "GeneGraph") -> str:
    """Return the SHA-256 of everything but a graph's name and the rule that picked its genes."""
    digest = hashlib.sha256()
    for part in _content(graph):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def task_fingerprint(tissue: str, source: str, graphs: Iterable[tuple[str, str]]) -> str:
    """Return the fingerprint of a task from the name and digest of each of its graphs."""
    parts = [tissue, source, *(part for graph in graphs for part in graph)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _content(graph: "GeneGraph") -> Iterator[bytes]:
    yield "\0".join((graph.tissue, graph.modality, graph.species)).encode()
    yield "\0".join(graph.genes).encode()
    yield graph.x.tobytes()
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
        yield graph.latent.astype(np.float32).tobytes()
