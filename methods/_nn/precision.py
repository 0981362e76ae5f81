"""What the decoders compute in."""

from contextlib import AbstractContextManager
from typing import Literal

import torch

Precision = Literal["float32", "bfloat16"]


def computing_in(precision: Precision, device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which matrix products read their factors in `precision`.

    Weights stay float32, and so do sums within a product.
    """
    # casts kept between calls would outlive the memory of a recorded step
    return torch.autocast(
        device.type, torch.bfloat16, enabled=precision == "bfloat16", cache_enabled=False
    )
