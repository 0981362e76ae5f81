"""Record a whole training step once and repeat it with other random choices.

A step of these networks is a few hundred operations that take a GPU microseconds each, and the
host longer to launch. A CUDA graph holds them all, optimiser included, and is launched as one.

None of this has been measured, nor run on a GPU: none was to be had. The tests run the same steps
on the CPU, with a recorder that repeats their operations one by one on fixed memory and refuses
what a CUDA graph cannot hold; where there is a GPU they also train on it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from genearena.methods._nn.draws import Draws
from genearena.methods._nn.seed_batch import SeedBatch
from genearena.methods._nn.step import take_step

# A task of 15 graphs has 210 ordered pairs, which is what MuSe-GNN's steps of one seed differ by.
# Ten seeds draw a different grouping almost every time: they are not recorded, but then a step
# has ten times the work per launch.
MOST_RECORDED = 256

_Key = tuple[int, tuple[int, ...], tuple[tuple[int, tuple[int, ...]], ...]]


class Recorder(Protocol):
    """Records work on the device."""

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        """Return what repeats `work` on the memory it used; the work itself is not done."""


class CudaRecorder:
    """Records CUDA graphs on the current stream, all in one pool of memory.

    The pool may be shared, whatever the order of the replays, because one stream runs them one
    after another and none reads what another left in the pool: parameters, moments, draws and
    results lie outside, gradients are written before they are read.
    """

    def __init__(self) -> None:
        self.pool = torch.cuda.graph_pool_handle()

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        """Return the replay of `work`."""
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self.pool, stream=torch.cuda.current_stream()):
            work()
        return graph.replay


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """A step that can be repeated.

    Parameters
    ----------
    draws, losses
        Where the repeated step reads its random numbers and writes its losses.
    repeat
        Does the step.
    """

    draws: Draws
    losses: Tensor
    repeat: Callable[[], None]

    def take(self, draws: Draws) -> Tensor:
        """Do the step with new draws; the losses returned hold until the next time."""
        for held, fresh in zip(self.draws.tensors, draws.tensors, strict=True):
            held.copy_(fresh, non_blocking=True)
        self.repeat()
        return self.losses


class CapturedSteps:
    """Training steps that are recorded when they come up for the second time.

    Steps are the same if they are for the same graph and seeds with the same choices drawn. The
    first is done as it comes, which also gives its parameters their moments and the libraries
    their workspaces; the second is recorded and repeated, as are all later ones.

    A recorded step knows the parameters that had a gradient when it was recorded, and steps
    these and no others; the learning rates are part of the recording.

    Parameters
    ----------
    batch
        Networks and losses.
    optimizer
        Steps their parameters; `capturable` on CUDA.
    recorder
        Makes the recordings.
    most
        Different steps considered for recording; those that come up later are never recorded.
    """

    def __init__(
        self,
        batch: SeedBatch,
        optimizer: torch.optim.Optimizer,
        recorder: Recorder,
        most: int = MOST_RECORDED,
    ) -> None:
        self.batch = batch
        self.optimizer = optimizer
        self.recorder = recorder
        self.most = most
        self.steps: dict[_Key, RecordedStep | None] = {}

    def __call__(self, position: int, members: Sequence[int]) -> Tensor:
        """Take a step and return its (members,) losses, which hold until the next call."""
        draws = self.batch.draw(position, members).to(self.batch.device)
        key = (position, tuple(members), draws.choices)
        if key not in self.steps:
            if len(self.steps) < self.most:
                self.steps[key] = None
            return self._take(position, members, draws)
        recorded = self.steps[key] or self._record(position, members, draws)
        self.steps[key] = recorded
        return recorded.take(draws)

    def _take(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        losses = lambda: self.batch.loss_given(position, members, draws)  # noqa: E731
        return take_step(self.optimizer, losses)

    def _record(self, position: int, members: Sequence[int], draws: Draws) -> RecordedStep:
        held = Draws(draws.choices, tuple(tensor.clone() for tensor in draws.tensors))
        losses = torch.zeros(len(members), device=self.batch.device)

        def work() -> None:
            losses.copy_(self._take(position, members, held))
            # gradients lie in the recorder's memory, which the next recording may use
            self.optimizer.zero_grad(set_to_none=True)

        # gradients from before the recording would be added to, outside that memory
        self.optimizer.zero_grad(set_to_none=True)
        return RecordedStep(held, losses, self.recorder.record(work))


@contextmanager
def own_stream(device: torch.device) -> Iterator[None]:
    """Do the work of the block on a CUDA stream of its own; nothing changes on the CPU.

    A recording cannot be made on the default stream, and the backward pass of a parameter keeps
    to the stream it was first run on: so every step of a training, recorded or not, is on one.
    """
    if device.type != "cuda":
        yield
        return
    outside = torch.cuda.current_stream(device)
    own = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    own.wait_stream(outside)
    try:
        with torch.cuda.stream(own):
            yield
    finally:
        outside.wait_stream(own)
