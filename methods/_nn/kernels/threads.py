"""What compiled kernels share: threads with torch, and tensors as flat arrays."""

from typing import Any

import numba
import torch
from torch import Tensor

from genearena.data.graphs import FloatArray

_launched: Any = numba.config


def flat(tensor: Tensor) -> FloatArray:
    """Return the numbers of a contiguous tensor on the CPU, not copied."""
    array: FloatArray = tensor.numpy().reshape(-1)
    return array


def share_threads() -> None:
    """Let the kernels use as many threads as torch."""
    threads = torch.get_num_threads()
    numba.set_num_threads(min(threads, _launched.NUMBA_NUM_THREADS))
    # starting numba's threads may have changed the number of those of torch
    torch.set_num_threads(threads)
