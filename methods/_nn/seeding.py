"""Random numbers of torch methods, drawn without touching the global random state."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch


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


@contextmanager
def fresh_weights(seed: int) -> Iterator[None]:
    """Initialise modules inside the block from `seed`, leaving the global generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(_stream(seed, "weights"))
        yield


def _stream(seed: int, purpose: str) -> int:
    digest = hashlib.sha256(f"{seed}\0{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
