"""Stop a training when it no longer finds the edges among pairs that it does not see."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GraphCollection, IntArray
from genearena.data.hidden_pairs import PairMask, draw_pairs, without_pairs
from genearena.methods._nn.decoder import edge_loss

# no probability at all: such an entry adds nothing to the loss of a pair without an edge
_NEVER = -1e4


class HeldOut:
    """A tenth of the pairs of every graph, and how well each epoch found the edges among them.

    Attributes
    ----------
    shown
        The graphs without the hidden edges.
    curve
        What falls as hidden pairs are found better, per epoch: the mean over graphs of the average
        precision of cosines, adjusted for chance, with a minus.
    weights
        Those of the encoders after the best epoch.

    Raises
    ------
    MethodError
        If no graph has both an edge and another pair among its hidden ones.
    """

    def __init__(self, graphs: GraphCollection, seed: int) -> None:
        rng = np.random.default_rng([seed, 1])
        masks = [draw_pairs(graph.n_genes, rng) for graph in graphs]
        both = list(zip(graphs, masks, strict=True))
        self.shown = graphs.with_graphs([without_pairs(graph, mask) for graph, mask in both])
        self.curve: list[float] = []
        self.weights: Mapping[str, Any] = {}
        self._masks = [torch.from_numpy(mask) for mask in masks]
        self._pairs: dict[int, tuple[IntArray, PairMask]] = {}
        for position, (graph, mask) in enumerate(both):
            pairs = np.argwhere(np.triu(mask)).T
            label = graph.adjacency.toarray()[*pairs] != 0
            if label.any() and not label.all():
                self._pairs[position] = pairs, label
        if not self._pairs:
            raise MethodError("no edge is among the hidden pairs; use stop='epochs'")

    def edge_loss(self, position: int, logits: Tensor, adjacency: Tensor) -> Tensor:
        """Return the mean cross-entropy over the entries that are not hidden."""
        mask = self._masks[position] = self._masks[position].to(logits.device)
        shown = 1 - mask.sum() / mask.numel()
        return edge_loss(logits.masked_fill(mask, _NEVER), adjacency) / shown

    @torch.no_grad()
    def look(self, encoders: nn.Module, encode: Callable[[int], Tensor]) -> None:
        """Score the hidden pairs after an epoch; keep the encoders' weights if it is the best."""
        from sklearn.metrics import average_precision_score

        scores = []
        for position, ((rows, columns), label) in self._pairs.items():
            unit = functional.normalize(encode(position).float(), dim=-1)
            cosine = (unit[rows] * unit[columns]).sum(dim=-1).cpu().numpy()
            chance = label.mean()
            scores.append((average_precision_score(label, cosine) - chance) / (1 - chance))
        best = min(self.curve, default=np.inf)
        self.curve.append(-float(np.mean(scores)))
        if self.curve[-1] < best:
            self.weights = deepcopy(encoders.state_dict())
