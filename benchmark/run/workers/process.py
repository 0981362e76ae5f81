"""One worker process: start it, give it jobs, hear what it says, end it."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe

from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Began, Done, Stage
from genearena.benchmark.run.workers.lifeline import MARK
from genearena.benchmark.run.workers.watch import Watch

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)

# glibc gives memory of large arrays back as soon as it is freed and has the system clear it anew
# for the next step: 3 to 8 % of a step of MuSe-GNN, 24 to 30 % with an encoder that passes
# messages along edges. What a run has freed goes back before the next (`usage.reset_peak`).
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}

# multiprocessing's own processes may have no children of their own, which plugins may want, and
# import the main module again, which no worker needs
_START = """\
import json, sys
descriptors, sys.path[:] = json.loads(sys.argv[1])
from genearena.benchmark.run.workers.serve import serve
serve(*descriptors)
"""
_SECONDS_FOR_STACKS = 0.5
_SECONDS_TO_EXIT = 5.0
_KEPT = 4096
_CHUNK = 65536


class WorkerProcess:
    """A process that carries out jobs, one after another, in a session of its own.

    A run that exceeds a limit of its `resources` is killed with the process.
    """

    def __init__(self, resources: Resources) -> None:
        # Python's stacks, written by the process as it crashes or when asked
        self._stacks = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by stop
        self.connection, theirs = Pipe()
        watched, self._lifeline = os.pipe()
        printed, output = os.pipe()
        try:
            passed = [theirs.fileno(), watched, self._stacks.fileno()]
            self._process = _start(passed, output, resources.threads)
        finally:
            theirs.close()
            os.close(watched)
            os.close(output)
        self._output = Output(printed)
        self.watch = Watch(self._process, resources, self._write_stacks, self._hang_up)
        self._send(resources)

    def give(self, job: Job) -> None:
        """Hand over a job; only when the last one is done."""
        self._output.forget()
        os.ftruncate(self._stacks.fileno(), 0)
        self._stacks.seek(0)  # the process writes where this file is at: they share it
        self.watch.loading(job.timeout)
        self._send(job)

    def hear(self) -> Stage | Began | Done | None:
        """Wait for the next message; None if the process is dead."""
        try:
            message: Stage | Began | Done = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def death(self) -> tuple[int | None, str]:
        """Return the exit code of the process, negative for a signal, and its last words.

        Those are the stacks it left and the end of what it printed. To be asked when there is
        nothing more to hear; what is left of the process and its descendants is killed.
        """
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_EXIT)
        code = self._process.poll()
        self.watch.stop()
        printed = self._output.last()
        words = filter(None, (self._written_stacks(), printed and f"Last output:\n{printed}"))
        return code, "\n\n".join(words)

    def stop(self) -> None:
        """End the process and what it has started, whatever they are doing."""
        self.watch.stop()
        self.connection.close()
        os.close(self._lifeline)
        self._stacks.close()

    def _send(self, what: object) -> None:
        with suppress(OSError):  # a death is noticed, and told, when hearing
            self.connection.send(what)

    def _written_stacks(self) -> str:
        size = os.fstat(self._stacks.fileno()).st_size
        text = os.pread(self._stacks.fileno(), size, 0).decode(errors="replace")
        # what follows names every compiled module in the process
        return text.partition("\nExtension modules:")[0].strip()

    def _write_stacks(self) -> None:
        """Have the process write down where it is, even if it loops in C."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGUSR1)
        end = time.monotonic() + _SECONDS_FOR_STACKS
        while time.monotonic() < end and not os.fstat(self._stacks.fileno()).st_size:
            time.sleep(0.01)
        time.sleep(0.02)  # the rest is written in one go

    def _hang_up(self) -> None:
        """Wake up whoever waits for a message: other processes may hold the connection open."""
        with suppress(OSError), socket.socket(fileno=os.dup(self.connection.fileno())) as ours:
            ours.shutdown(socket.SHUT_RDWR)


def _start(descriptors: list[int], output: int, n_threads: int) -> subprocess.Popen[bytes]:
    threads = dict.fromkeys(THREAD_VARIABLES, str(n_threads))
    mark = {MARK: secrets.token_hex(16)}
    return subprocess.Popen(  # noqa: S603 - the interpreter we run on
        [sys.executable, "-c", _START, json.dumps([descriptors, sys.path])],
        pass_fds=descriptors,
        env=KEPT_MEMORY | os.environ | threads | mark,
        stdin=subprocess.DEVNULL,
        stdout=output,  # nothing that plugins print may end up among bench's own output
        stderr=output,
        start_new_session=True,
    )


class Output:
    """Reads what a worker prints out of a pipe, in a thread, so that its writers never wait.

    Whole lines go to `sys.stderr` as it is then, which a progress display may have replaced to
    print above its bars; of a line that was drawn over with carriage returns only the last state.
    The reading end `descriptor` is closed when all writers are gone.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._kept = b""
        self._thread = threading.Thread(target=self._read, name="worker-output", daemon=True)
        self._thread.start()

    def forget(self) -> None:
        """Let `last` begin anew: a run starts."""
        self._kept = b""

    def last(self, patience: float = 1.0) -> str:
        """Return the end of the output, after waiting for the writers' end."""
        self._thread.join(patience)
        return self._kept.decode(errors="replace").strip()

    def _read(self) -> None:
        line = b""
        while chunk := os.read(self._descriptor, _CHUNK):
            self._kept = (self._kept + chunk)[-_KEPT:]
            *lines, line = (line + chunk).split(b"\n")
            line = line[-_CHUNK:]
            _show(lines)
        _show([line] if line else [])
        os.close(self._descriptor)


def _show(lines: list[bytes]) -> None:
    shown = [line.rstrip(b"\r").rpartition(b"\r")[2].decode(errors="replace") for line in lines]
    if shown:
        sys.stderr.write("\n".join(shown) + "\n")
        sys.stderr.flush()
