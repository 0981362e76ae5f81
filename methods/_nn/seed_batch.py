"""The networks of several seeds, run as one."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor, nn
from torch.func import functional_call

from genearena.methods._nn.draws import Draws
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.precision import Precision, computing_in


class Network(nn.Module):
    """The weights of one seed.

    Parameters
    ----------
    encoders
        A module per graph; graphs may share modules.
    decoders
        Likewise; may be empty. They have a learning rate of their own.
    """

    def __init__(self, encoders: nn.ModuleList, decoders: nn.ModuleList | None = None) -> None:
        super().__init__()
        self.encoders = encoders
        self.decoders = nn.ModuleList() if decoders is None else decoders


class SeedBatch(ABC):
    """Networks of one architecture, one per seed, trained in lockstep on the graphs of a task.

    A step of several seeds is one forward and one backward pass through operations with a leading
    seed dimension, for which the weights of the layers at hand are stacked. Every seed has its
    own weights, its own random numbers and, with Adam, its own moments, so that it learns what it
    would learn alone.

    A step is `draw`, which leaves nothing to chance, and `loss_given`, which is arithmetic on the
    device alone: it copies nothing from the host and waits for nothing, so that a GPU can record
    it once and repeat it with other draws.

    Parameters
    ----------
    networks
        One per seed.
    tensors
        One per graph.
    precision
        What decoders compute in, see `genearena.methods._nn.precision`.
    """

    def __init__(
        self,
        networks: Sequence[Network],
        tensors: Sequence[GraphTensors],
        precision: Precision = "float32",
    ) -> None:
        self.networks = networks
        self.tensors = tensors
        self.precision = precision

    @cached_property
    def device(self) -> torch.device:
        """Where the networks are."""
        return next(self.networks[0].parameters()).device

    @property
    def n_graphs(self) -> int:
        """Number of graphs."""
        return len(self.tensors)

    @abstractmethod
    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of one graph for some of the seeds."""

    def draw(self, position: int, members: Sequence[int]) -> Draws:  # noqa: ARG002 - for subclasses
        """Make the random choices of a step for one graph; none unless a method makes some."""
        return Draws()

    def loss_given(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        """Return the (members,) training losses of a step whose choices are made.

        Parameters
        ----------
        position
            Which graph.
        members
            Which seeds.
        draws
            What `draw` gave, on the device of the batch.
        """
        raise NotImplementedError

    def loss(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members,) training losses of a step for one graph."""
        draws = self.draw(position, members).to(self.device)
        return self.loss_given(position, members, draws)

    def run_encoder(self, position: int, members: Sequence[int], *inputs: object) -> Tensor:
        """Return the output of the members' encoders of one graph."""
        return _run([self.networks[member].encoders[position] for member in members], inputs)

    def run_decoder(self, position: int, members: Sequence[int], *inputs: object) -> Tensor:
        """Return the float32 output of the members' decoders of one graph."""
        with computing_in(self.precision, self.device):
            decoded = _run([self.networks[member].decoders[position] for member in members], inputs)
        return decoded.float()


def _run(modules: Sequence[nn.Module], inputs: tuple[object, ...]) -> Tensor:
    if len(modules) == 1:
        alone: Tensor = modules[0](*inputs)
        return alone
    weights = [dict(module.named_parameters()) for module in modules]
    stacked = {name: torch.stack([mine[name] for mine in weights]) for name in weights[0]}
    together: Tensor = functional_call(modules[0], stacked, inputs)
    return together
