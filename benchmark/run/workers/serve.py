"""A worker process from the inside: answer jobs until nobody gives any more."""

import faulthandler
import os
import resource
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection

from genearena.benchmark.run.workers.lifeline import adopt_orphans, die_with_parent, leave_sitter


def serve(descriptor: int, lifeline: int, stacks: int) -> None:
    """Carry out the jobs that come along a connection, until it closes.

    All are file descriptors: this side of the connection, the `lifeline` of `die_with_parent`, and
    a file for Python's `stacks`, when this process crashes or is asked.
    """
    for inherited in (descriptor, lifeline, stacks):
        os.set_inheritable(inherited, False)
    leave_sitter(lifeline)
    die_with_parent(lifeline)
    adopt_orphans()
    # only the parent decides what Ctrl-C means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # a plugin that crashes a hundred times would leave a hundred core dumps of gigabytes
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        _answer(connection, stacks)


def _answer(connection: Connection, stacks: int) -> None:
    write_stacks(stacks)
    from genearena.benchmark.run.workers.work import Work

    work = Work(connection, connection.recv())
    while True:
        job = connection.recv()
        write_stacks(stacks)
        try:
            done = work.carry_out(job)
        except ConnectionError:
            raise
        except BaseException:  # noqa: BLE001 - reported as the job's end, with its traceback
            done = work.failure(job, traceback.format_exc())
        connection.send(done)


def write_stacks(descriptor: int) -> None:
    """Write Python's stacks to a file on crashes and on SIGUSR1; anew, as plugins undo it."""
    faulthandler.enable(descriptor)
    # not by a Python handler: that would wait for the end of a loop in C
    faulthandler.register(signal.SIGUSR1, descriptor)
