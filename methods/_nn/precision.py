"""What the decoders compute in."""

from contextlib import AbstractContextManager

import torch

from genearena.data.errors import UsageError

PRECISIONS = ("float32", "bfloat16")


def check_precision(method: str, precision: str) -> None:
    """Check a method's setting.

    Raises
    ------
    UsageError
        If there is no such precision.
    """
    if precision not in PRECISIONS:
        want = " or ".join(PRECISIONS)
        raise UsageError(f"{method}: precision is '{precision}', want {want}")


def computing_in(precision: str, device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which matrix products read their factors in `precision`.

    Weights stay float32, and so do sums within a product.
    """
    # casts kept between calls would outlive the memory of a recorded step
    return torch.autocast(
        device.type, torch.bfloat16, enabled=precision == "bfloat16", cache_enabled=False
    )
