"""The device that neural methods train on, set by whoever runs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_device: ContextVar[str] = ContextVar("device", default="cpu")


def current_device() -> str:
    """Return the name of the device to train on: "cpu", "cuda" or "cuda:1"."""
    return _device.get()


@contextmanager
def on_device(name: str) -> Iterator[None]:
    """Train on the named device inside the block."""
    token = _device.set(name)
    try:
        yield
    finally:
        _device.reset(token)
