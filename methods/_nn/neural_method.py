"""What the torch methods have in common: build, train, embed."""

import math
from abc import abstractmethod
from copy import copy
from itertools import chain
from typing import Literal, Self

import numpy as np
import torch
from torch import Tensor, nn

from genearena.data.common.errors import MethodError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods._nn.decoder import edge_loss
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.held_out import HeldOut
from genearena.methods._nn.seeding import fresh_weights
from genearena.methods.base import Method
from genearena.methods.device import current_device
from genearena.methods.progress import report

Precision = Literal["float32", "bfloat16"]
Stop = Literal["epochs", "validation"]


class NeuralMethod(Method):
    """A method that trains one network over all graphs and embeds with its encoders.

    A method says which encoders and decoders there are, how a graph is encoded, and what the loss
    of a graph is. Every epoch takes a step of Adam for each graph, in order; what a step does not
    touch is not stepped.

    Settings
    --------
    epochs
        Passes over the graphs, one step per graph.
    lr_encoder, lr_decoder
        Learning rates of Adam.
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.
    weight_decay
        What Adam adds of a weight to its gradient.
    stop
        ``epochs``, or ``validation``: a tenth of the pairs of every graph is hidden from the loss
        and the encoders, patience waits for a better score of these pairs instead of a lower loss,
        and the weights of the best epoch embed the whole graphs.
    precision
        ``float32``, or ``bfloat16`` for the matrix products of the decoders while training, most
        of a step's work; encoders, losses, weights and vectors stay float32.

    Attributes
    ----------
    encoders, decoders
        A module per graph, while training; graphs may share modules.
    tensors
        What is read of each graph, while training.
    device
        Where all of them are.
    held_out
        The pairs hidden while training, None if there are none.
    """

    epochs: int
    lr_encoder: float
    lr_decoder: float
    patience: int | None
    weight_decay: float = 0.0
    precision: Precision = "float32"
    stop: Stop = "epochs"

    encoders: nn.ModuleList
    decoders: nn.ModuleList
    tensors: list[GraphTensors]
    device: torch.device
    held_out: HeldOut | None = None
    vectors_: list[FloatArray]

    @abstractmethod
    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        """Return an untrained encoder per graph."""

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:  # noqa: ARG002 - for subclasses
        """Return an untrained decoder per graph; there may be none."""
        return nn.ModuleList()

    @abstractmethod
    def _encode(self, position: int) -> Tensor:
        """Return the (n, dim) vectors of the genes of a graph."""

    @abstractmethod
    def _loss(self, position: int) -> Tensor:
        """Return the loss of a step for a graph."""

    def _prepare(self, graphs: GraphCollection) -> None:
        """Make what a training needs; methods that draw add their generators."""
        self.device = torch.device(current_device())
        with fresh_weights(self.seed):
            self.encoders, self.decoders = self._encoders(graphs), self._decoders(graphs)
        self.encoders.to(self.device)
        self.decoders.to(self.device)
        self.tensors = [GraphTensors(graph, self.device) for graph in graphs]

    def fit(self, graphs: GraphCollection) -> Self:
        """Train on the graphs of one task and return self.

        Raises
        ------
        UsageError
            If a setting is out of range.
        MethodError
            If the training diverges.
        """
        self._check_settings()
        held_out = HeldOut(graphs, self.seed) if self.stop == "validation" else None
        # networks and tensors end with the training
        training = copy(self)
        training.held_out = held_out
        training._prepare(graphs if held_out is None else held_out.shown)
        self.losses_ = training._train()
        if held_out is not None:
            training = training._on_all(graphs, held_out)
        weights = chain(training.encoders.parameters(), training.decoders.parameters())
        self.n_parameters_ = sum(weight.numel() for weight in weights)
        with torch.no_grad():
            encoded = [training._encode(position) for position in range(len(graphs))]
        self.vectors_ = [np.ascontiguousarray(z.float().cpu().numpy()) for z in encoded]
        return self

    def _on_all(self, graphs: GraphCollection, held_out: HeldOut) -> Self:
        """Return the training as it was when hidden pairs were found best, with none hidden."""
        whole = copy(self)
        whole._prepare(graphs)
        whole.encoders.load_state_dict(held_out.weights)
        return whole

    def _edge_loss(self, position: int, logits: Tensor) -> Tensor:
        """Return the cross-entropy of the edge logits of a graph, over the pairs it may see."""
        adjacency = self.tensors[position].adjacency
        if self.held_out is None:
            return edge_loss(logits, adjacency)
        return self.held_out.edge_loss(position, logits, adjacency)

    def _decode(self, position: int, z: Tensor) -> Tensor:
        """Return the float32 output of the decoder of a graph, computed in `precision`."""
        low = self.precision == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=low):
            decoded: Tensor = self.decoders[position](z)
        return decoded.float()

    def _rates(self) -> tuple[float, float]:
        """Return the learning rates of encoders and decoders."""
        return self.lr_encoder, self.lr_decoder

    def _optimizer(self) -> torch.optim.Optimizer:
        sides = zip((self.encoders, self.decoders), self._rates(), strict=True)
        groups = [{"params": list(side.parameters()), "lr": lr} for side, lr in sides if len(side)]
        return torch.optim.Adam(groups, weight_decay=self.weight_decay, fused=True)

    def _schedule(
        self,
        optimizer: torch.optim.Optimizer,  # noqa: ARG002 - for subclasses
    ) -> torch.optim.lr_scheduler.LRScheduler | None:
        """Return what changes the learning rates after every epoch, if anything does."""
        return None

    def _train(self) -> tuple[float, ...]:
        """Return the mean loss over the graphs, per epoch."""
        optimizer = self._optimizer()
        schedule = self._schedule(optimizer)
        curve: list[float] = []
        judged: list[float] = curve if self.held_out is None else self.held_out.curve
        while len(curve) < self.epochs and not self._is_over(judged):
            losses = [self._step(optimizer, position) for position in range(len(self.tensors))]
            # the only moment of an epoch when the host waits for the device
            curve.append(float(sum(losses) / len(losses)))
            self._check(curve)
            if self.held_out is not None:
                self.held_out.look(self.encoders, self._encode)
            report(len(curve), self.epochs, curve[-1])
            if schedule is not None:
                schedule.step()
        return tuple(curve)

    def _step(self, optimizer: torch.optim.Optimizer, position: int) -> Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss = self._loss(position)
        torch.autograd.backward(loss)
        optimizer.step()
        return loss.detach()

    def _check(self, curve: list[float]) -> None:
        if not math.isfinite(curve[-1]):
            rates = " and ".join(map(str, dict.fromkeys(self._rates())))
            raise MethodError(
                f"the training loss became {curve[-1]} in epoch {len(curve)}; lower the "
                f"learning rates ({rates})"
            )

    def _is_over(self, curve: list[float]) -> bool:
        """Tell whether the last `patience` epochs brought no lower value of a curve."""
        if self.patience is None or len(curve) <= self.patience:
            return False
        return min(curve[-self.patience :]) >= min(curve[: -self.patience])
