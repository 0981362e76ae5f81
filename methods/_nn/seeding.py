"""Random numbers of torch methods, drawn without touching the global random state."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


def generator(seed: int, purpose: str, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a generator of its own for one purpose of one seeded run.

    Parameters
    ----------
    seed
        Seed of the method.
    purpose
        What the numbers are for; different purposes give unrelated streams.
    device
        Where the numbers are drawn; different kinds of device give different numbers.
    """
    return torch.Generator(device).manual_seed(_stream(seed, purpose))


def dropout(x: Tensor, share: float, source: torch.Generator | None) -> Tensor:
    """Return `x` with entries set to zero by chance, and the others scaled up to make up for it.

    Parameters
    ----------
    x
        Any tensor.
    share
        Chance of each entry to be dropped, below 1.
    source
        Where entries are drawn, on the device of `x`; None to drop nothing, as when embedding.
    """
    if source is None or share == 0:
        return x
    kept = torch.empty_like(x, requires_grad=False).bernoulli_(1 - share, generator=source)
    return x * kept / (1 - share)


@contextmanager
def fresh_weights(seed: int) -> Iterator[None]:
    """Initialise modules inside the block from `seed`, leaving the global generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(_stream(seed, "weights"))
        yield


def _stream(seed: int, purpose: str) -> int:
    digest = hashlib.sha256(f"{seed}\0{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
