"""scBERT: a Performer that fills in hidden counts of cells."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from genearena.data.common.errors import DataError, MethodError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods._nn.performer import Performer, Sizes
from genearena.methods._nn.seeding import fresh_weights, generator
from genearena.methods._scbert.cells import Cells
from genearena.methods._scbert.checkpoint import published_network, read_checkpoint
from genearena.methods._scbert.positions import Table, file_named
from genearena.methods.base import Method
from genearena.methods.device import current_device
from genearena.methods.pca import principal_scores
from genearena.methods.progress import report
from genearena.methods.settings import Count, File, Positive, with_settings

CLIP = 100.0
FIRST_POSITIONS = 0.02
"""Spread of the vectors that tell genes apart before they are trained."""


@with_settings
class SCBERT(Method):
    """Take scBERT's encodings of a gene in the cells of a data set (Yang et al. 2022).

    A cell is the sequence of its genes: each has the bin of its count, log2(1 + counts per 10,000)
    cut to whole numbers from 0 to 5, and a vector that says which gene it is. A gene's vector is
    the mean of its last encodings over the cells of the graph, so it differs between data sets.

    **No row of this is comparable with the scBERT of the MuSe-GNN paper.** How that took vectors of
    genes is not known: its code was not published, and scBERT's gives none. The mean over cells is
    the likeliest reading, since vectors without a context would be the same in all data sets.

    With a `checkpoint` of the published program the network and its sizes are those of the file,
    and nothing is trained. Without one a network of the sizes below is trained on the task's own
    cells: of the tokens of a cell that are not 0, 15 % are to be told, and nine tenths of these are
    hidden behind a token of their own. What tells genes apart are then vectors by gene name that
    are trained along, in the place of the published gene2vec, unless `positions` are given.

    Where this differs from the published program:

    - A cell has only the genes of its graph, and its counts are those of these genes. The published
      network saw 16,906 genes, those without counts as 0. So most counts fall into the highest bin
      (on simulated lung, of 300 genes, two thirds of those not 0); a lower `depth` spreads them.
    - Every cell is seen once an epoch; there, each item is drawn anew. The learning rate stays, and
      the random features are drawn once.
    - Stabilising constants are those of a cell, not of all cells of a batch.

    Parameters
    ----------
    dim
        Not used: vectors are as long as the network is wide, or have `components`.
    seed
        Seed of weights, random features, hidden tokens and the order of cells.
    checkpoint
        Weights, as torch.save writes them; nothing is unpickled. Arrays are called as in the
        published program; they may be under 'model_state_dict'.
    genes
        Text of the genes of the checkpoint's table of positions, one a line, in its order.
    positions
        Text of vectors that tell genes apart, "GENE v1 v2 …" a line, as Gene2vec and word2vec write
        them: instead of those of the checkpoint (and of `genes`), or of vectors that are trained.
        Genes that are not there are left out and get zeros.
    components
        Give the scores on so many principal components of all graphs' vectors together; None for
        the vectors themselves.
    width
        Length of a gene's vector in a network that is trained: that of `positions` if given.
    layers, heads, head_width, features
        Layers of a network that is trained, and the sizes of their attention.
    depth
        What the counts of every cell are scaled to add up to before they are binned.
    epochs
        Passes over the cells of all graphs.
    batch, learning_rate
        Cells a step, and the learning rate of Adam.
    """

    name = "scbert"
    reduces = False
    needs = frozenset({"counts"})
    fast: ClassVar[dict[str, Any]] = {
        "width": 32, "layers": 2, "heads": 2, "head_width": 16, "features": 44,
        "epochs": 1, "batch": 8, "learning_rate": 1e-2,
    }  # fmt: skip

    checkpoint: File | None = None
    genes: File | None = None
    positions: File | None = None
    components: Count | None = None
    width: Count = 200
    layers: Count = 6
    heads: Count = 10
    head_width: Count = 64
    features: Count = 266
    depth: Positive = 1e4
    epochs: Count = 100
    batch: Count = 180
    learning_rate: Positive = 1e-4

    def skip(self, graphs: GraphCollection) -> str | None:
        """Return why the method cannot run: no counts, files that lack others, no known gene."""
        bare = [graph.name for graph in graphs if graph.counts is None]
        if bare:
            return f"graph '{bare[0]}' has no counts; add its data from raw counts"
        if self.checkpoint is not None and self.genes is None and self.positions is None:
            return "a checkpoint has no names of genes; give genes (its order of them) or positions"
        if self.genes is not None and (self.checkpoint is None or self.positions is not None):
            return "genes are the order of a checkpoint's own positions; leave them out"
        return None

    def fit(self, graphs: GraphCollection) -> Self:
        """Train on the cells of all graphs, or read the checkpoint, and encode them.

        Raises
        ------
        UsageError
            If a setting is out of range.
        DataError
            If a graph has no counts or no known gene, or a file cannot be used.
        MethodError
            If the training diverges.
        """
        self._check_settings()
        reason = self.skip(graphs)
        if reason:
            raise DataError(f"scbert: {reason}")
        device = torch.device(current_device())
        with fresh_weights(self.seed):
            network, table = self._network_and_table(graphs)
        network.to(device)
        table.vectors.to(device)
        cells = [Cells(graph, table, self.depth, device) for graph in graphs]
        learned = [w for w in table.vectors.parameters() if w.requires_grad]
        weights = [*network.parameters(), *learned]
        self.n_parameters_ = sum(weight.numel() for weight in weights)
        if self.checkpoint is None:
            self.losses_ = self._train(network, cells, weights)
        encoded = [each.mean_encodings(network) for each in cells]
        if self.components is not None:
            encoded = _reduced(encoded, self.components)
        self.vectors_ = [each.in_graph(z) for each, z in zip(cells, encoded, strict=True)]
        return self

    def _network_and_table(self, graphs: GraphCollection) -> tuple[Performer, Table]:
        """Return the network and what tells genes apart, both from files or drawn."""
        wanted = dict.fromkeys(gene for graph in graphs for gene in graph.genes)
        state: dict[str, Tensor] = {}
        network = None
        if self.checkpoint is not None:
            with file_named(self.checkpoint, "checkpoint"):
                state = read_checkpoint(Path(self.checkpoint))
                network = published_network(state)
        if self.positions is not None:
            table = Table.of_text(Path(self.positions), wanted)
        elif self.genes is not None:
            table = Table.of_checkpoint(state, Path(self.genes))
        else:
            vectors = nn.Embedding(len(wanted), self.width)
            nn.init.normal_(vectors.weight, std=FIRST_POSITIONS)
            table = Table({gene: row for row, gene in enumerate(wanted)}, vectors)
        width = table.vectors.embedding_dim
        if network is None:
            sizes = Sizes(width, self.layers, self.heads, self.head_width, self.features)
            network = Performer(sizes, generator(self.seed, "directions"))
        elif network.tokens.embedding_dim != width:
            raise DataError(
                f"scbert: positions have length {width}, want the checkpoint's "
                f"{network.tokens.embedding_dim}"
            )
        return network, table

    def _train(
        self, network: Performer, cells: Sequence[Cells], weights: list[nn.Parameter]
    ) -> tuple[float, ...]:
        """Return the mean loss of every epoch's steps."""
        optimizer = torch.optim.Adam(weights, lr=self.learning_rate, fused=True)
        draws = generator(self.seed, "cells and tokens")
        curve: list[float] = []
        while len(curve) < self.epochs:
            batches = [(each, part) for each in cells for part in each.batches(self.batch, draws)]
            order = torch.randperm(len(batches), generator=draws).tolist()
            losses = []
            for number in order:
                each, part = batches[number]
                losses.append(each.backward(network, part, draws))
                nn.utils.clip_grad_norm_(weights, CLIP)
                optimizer.step()
                optimizer.zero_grad()
            curve.append(float(np.mean(losses)))
            if not math.isfinite(curve[-1]):
                raise MethodError(
                    f"the training loss became {curve[-1]} in epoch {len(curve)}; lower the "
                    f"learning_rate ({self.learning_rate})"
                )
            report(len(curve), self.epochs, curve[-1])
        return tuple(curve)


def _reduced(encoded: Sequence[FloatArray], components: int) -> list[FloatArray]:
    """Return the scores of all graphs' vectors on their principal components."""
    stacked = np.concatenate(encoded)
    if min(stacked.shape) <= components:
        raise DataError(
            f"scbert: {len(stacked)} vectors of length {stacked.shape[1]} have no {components} "
            "components; lower components, or leave them out"
        )
    ends = np.cumsum([len(z) for z in encoded])[:-1]
    return np.split(principal_scores(stacked, components), ends)
