"""Parts of tensors that belong to some of the seeds of a batch."""

from collections.abc import Sequence

import torch
from torch import Tensor


def entries_of(tensor: Tensor, members: Sequence[int]) -> Tensor:
    """Return the entries of some seeds of a tensor with one per seed, or with one for all."""
    if len(tensor) == 1 or list(members) == list(range(len(tensor))):
        return tensor
    # an index made of a list would have to be copied to the device
    return torch.stack([tensor[member] for member in members])
