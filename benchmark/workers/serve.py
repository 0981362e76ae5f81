"""A worker process from the inside: answer batches until nobody gives any more."""

import os
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection

from genearena.benchmark.workers.messages import Done


def serve(descriptor: int) -> None:
    """Carry out the batches that come along the connection, until it closes.

    Parameters
    ----------
    descriptor
        File descriptor of this side of the connection.
    """
    os.set_inheritable(descriptor, False)
    # only the parent decides what Ctrl-C means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        _answer(connection)


def _answer(connection: Connection) -> None:
    from genearena.benchmark.work import Work

    work = Work(connection, connection.recv())
    while True:
        batch = connection.recv()
        try:
            outcomes = work.carry_out(batch)
        except ConnectionError:
            raise
        except Exception:  # noqa: BLE001 - reported as the jobs' end, with its traceback
            outcomes = work.failure(batch, traceback.format_exc())
        connection.send(Done(tuple(outcomes)))
