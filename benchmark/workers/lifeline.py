"""Let worker processes die with the process they work for, however that ends."""

import fcntl
import os
import select
import signal


def die_with_parent(descriptor: int) -> None:
    """Have this process group killed when the other end of a pipe closes.

    The kernel closes the other end whatever becomes of its owner, and sends the signal itself:
    neither a loop in C nor a blocked signal holds it up, and processes that a plugin started die
    too unless they left the group. (A parent-death signal, prctl's, would reach this process
    alone, and already when the *thread* that started it ends.) Where there is no F_SETSIG, off
    Linux, a worker ends when it next listens for a batch.

    Parameters
    ----------
    descriptor
        The reading end of a pipe into which nothing is ever written.
    """
    if not hasattr(fcntl, "F_SETSIG"):
        return
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:  # it closed before anyone was listening
        os.killpg(0, signal.SIGKILL)
