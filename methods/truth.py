"""Control: the programmes the data were simulated with, known rather than learned."""

import hashlib
from typing import Self

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods.base import Method
from genearena.methods.settings import NotNegative, with_settings


@with_settings
class Truth(Method):
    """Give every gene the vector of its simulated programme, slightly shifted by its name.

    A gene of programme k gets u_k + `spread` · u_g, with u_k a random unit vector of the programme
    and u_g one of the gene's name, the same in all graphs; a gene without programme gets u_g.
    What no method can know marks the score that perfect knowledge of the programmes earns.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed the unit vectors are derived from.
    spread
        Length of a gene's own share beside its programme's.
    """

    name = "truth"
    needs = frozenset({"truth"})
    control = True
    equivariant = True

    spread: NotNegative = 0.3

    def fit(self, graphs: GraphCollection) -> Self:
        """Look up the programme of each gene.

        Raises
        ------
        DataError
            If a graph has no truth.
        """
        self._check_settings()
        reason = self.skip(graphs)
        if reason:
            raise DataError(f"truth cannot be used: {reason}")
        self.vectors_ = [self._vectors(graph) for graph in graphs]
        return self

    def embed(self) -> list[FloatArray]:
        """Return one (n_genes, dim) array per graph."""
        return list(self._fitted("vectors_"))

    def skip(self, graphs: GraphCollection) -> str | None:
        """Return that a graph has no truth, if so."""
        without = next((graph.name for graph in graphs if graph.truth is None), None)
        return None if without is None else f"graph '{without}' is not simulated, it has no truth"

    def _vectors(self, graph: GeneGraph) -> FloatArray:
        assert graph.truth is not None  # noqa: S101 - fit has refused such graphs
        own = np.stack([self._unit("gene", gene) for gene in graph.genes])
        shared = {k: self._unit("programme", graph.tissue, k) for k in set(graph.truth.tolist())}
        programme = np.stack([shared[k] for k in graph.truth.tolist()])
        in_programme = graph.truth[:, None] >= 0
        return np.where(in_programme, programme + self.spread * own, own).astype(np.float32)

    def _unit(self, *parts: str | int) -> FloatArray:
        key = "\0".join(map(str, (self.seed, *parts)))
        digest = hashlib.sha256(key.encode()).digest()
        vector = np.random.default_rng(int.from_bytes(digest, "big")).standard_normal(self.dim)
        return (vector / np.linalg.norm(vector)).astype(np.float32)
