"""Let a training say how far it is, without knowing who listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int, float], None]
"""Called with (epochs done, epochs in all, latest loss)."""

_listener: ContextVar[Listener | None] = ContextVar("progress_listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send every report made inside the block to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(done: int, total: int, loss: float) -> None:
    """Tell the current listener, if any, that `done` of `total` epochs are over."""
    listener = _listener.get()
    if listener is not None:
        listener(done, total, loss)
