"""One worker process: start it, give it batches, hear what it says, end it."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe

from genearena.benchmark.batches import Batch
from genearena.benchmark.execution import Execution
from genearena.benchmark.workers.messages import Message

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)

# multiprocessing's own processes may have no children of their own, which plugins may want, and
# import the main module again, which no worker needs
_START = """\
import json, sys
descriptor, paths = json.loads(sys.argv[1])
sys.path[:] = paths
from genearena.benchmark.workers.serve import serve
serve(descriptor)
"""


class WorkerProcess:
    """A process that carries out batches, one after another, in a session of its own.

    Parameters
    ----------
    execution
        What it may use.
    """

    def __init__(self, execution: Execution) -> None:
        self.connection, child = Pipe()
        with child:
            self.process = _start(child.fileno(), execution)
        self._send(execution)

    def give(self, batch: Batch) -> None:
        """Hand over a batch; only when the last one is done."""
        self._send(batch)

    def hear(self) -> Message | None:
        """Wait for the next message; None if the process is dead."""
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.connection.close()

    def _send(self, what: object) -> None:
        with suppress(OSError):  # a death is noticed, and told, when hearing
            self.connection.send(what)


def _start(descriptor: int, execution: Execution) -> subprocess.Popen[bytes]:
    threads = dict.fromkeys(THREAD_VARIABLES, str(execution.threads))
    return subprocess.Popen(  # noqa: S603 - the interpreter we run on
        [sys.executable, "-c", _START, json.dumps([descriptor, sys.path])],
        pass_fds=[descriptor],
        env=os.environ | threads,
        stdin=subprocess.DEVNULL,
        stdout=2,  # plugins may print; nothing of theirs may end up among bench's own output
        start_new_session=True,
    )
