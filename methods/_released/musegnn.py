"""MuSe-GNN as its own scripts run it."""

from typing import ClassVar

import torch
from torch import Tensor

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GraphCollection
from genearena.methods.base import Variant
from genearena.methods.encoders.network import Layer
from genearena.methods.musegnn import MuSeGNN


class ReleasedMuSeGNN(MuSeGNN):
    """MuSe-GNN as its published scripts run it.

    Departures from `MuSeGNN`: two graphs without a common gene are not tied at all, while the
    faithful method still contrasts their private genes; the private genes of both graphs are those
    at the same places of either list, drawn once; self-loops
    count as edges in the overlap of neighbourhoods and when a gene's neighbour is drawn. A single
    graph, and graphs of different numbers of genes, stop the script (there is no graph to tie to;
    every decoder has the size of the last graph): such tasks are skipped with that reason.
    The places are drawn from the range of i's private genes; graphs of one size have equally many,
    so that this shows only where the script has stopped already.

    Not copied, for they would only make a seed mean nothing: seeding switched off in some
    scripts, neighbours drawn from the global generator inside a thread pool, and initialisation
    in the order of a set of strings. Layers have the heads of the published model files, 4 and
    2; the experiment script's single head is `heads` (1, 1). The scripts hold one more encoder,
    which they do not use: with ``gps`` theirs is trained, without convolution, so that no edge is
    seen but by decoders.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, heads, contrastive_weight, temperature, patience,
    stop, precision, engine, encoder, similarity, sharing, features
        As in `MuSeGNN`.
    n_private
        Private genes drawn per graph and step, or all if there are fewer.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "musegnn:released"
    version = "2"
    variant: ClassVar[Variant] = "released"
    looped: ClassVar[bool] = True

    def skip(self, graphs: GraphCollection) -> str | None:
        """Return why the script stops on `graphs`, or None if it does not."""
        if len(graphs) == 1:
            return "the published script stops on a single graph: it finds no other to tie it to"
        sizes = {graph.n_genes for graph in graphs}
        if len(sizes) > 1:
            return (
                "the published script stops on graphs of different size "
                f"({min(sizes)}-{max(sizes)} genes): it sizes every decoder by the last"
            )
        return None

    def _layer(self) -> Layer:
        if self.encoder != "gps":
            return super()._layer()
        from genearena.methods.encoders.gps import ReleasedGPS

        return ReleasedGPS

    def _prepare(self, graphs: GraphCollection) -> None:
        reason = self.skip(graphs)
        if reason:
            raise MethodError(f"{self.name}: {reason}")
        super()._prepare(graphs)

    def _tie(self, i: int, j: int, z: Tensor) -> Tensor:
        if not len(self.pairs[i, j].common_i):
            self._private(i, j)  # drawn before it is known that nothing is tied
            return z.new_zeros(())
        return super()._tie(i, j, z)

    def _private(self, i: int, j: int) -> tuple[Tensor, Tensor]:
        pairs = self.pairs[i, j]
        n_private = len(pairs.private_i)
        if not n_private:
            return super()._private(i, j)
        places = torch.randperm(n_private, generator=self.source)[: self.n_private]
        return pairs.private_i[places], pairs.private_j[places]
