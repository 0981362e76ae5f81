"""What chance decides in a training step, apart from the arithmetic."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Draws:
    """The random choices of one step, made before it starts.

    Parameters
    ----------
    choices
        What decides which operations the step consists of: for every alternative that was drawn
        its number and the places, among the members of the step, of the seeds that drew it.
    tensors
        Random numbers and rows, which change nothing but values: steps with equal choices have
        tensors of equal shapes.
    """

    choices: tuple[tuple[int, tuple[int, ...]], ...] = ()
    tensors: tuple[Tensor, ...] = ()

    def to(self, device: torch.device) -> "Draws":
        """Return the draws on a device, without waiting for the copies to arrive."""
        if all(tensor.device.type == device.type for tensor in self.tensors):
            return self
        return Draws(self.choices, tuple(_sent(tensor, device) for tensor in self.tensors))


def _sent(tensor: Tensor, device: torch.device) -> Tensor:
    if tensor.device.type == device.type:
        return tensor
    # only a copy from page-locked memory lets the host go on
    return tensor.pin_memory().to(device, non_blocking=True)
