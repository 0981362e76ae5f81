"""Read an HDF5 file that anyone may have made in a process that may die of it.

The HDF5 library was not written for hostile or damaged files: some make it loop without end, and
others have made it crash. Whatever it does with all of a file it does here first.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.common.one_line import first_line
from genearena.data.common.quantities import gibibytes

BEGIN_SECONDS = 120.0
READ_SECONDS = 15.0
BYTES_PER_SECOND = 2**22
"""Slowest reading that is no standstill: a tenth of what an old disk gives."""
MOST_MEMORY = 2**32
"""Bytes of the process that reads arrays piece by piece, at least a chunk at a time."""
SERVE = "from genearena.data.reading.formats.hdf5_probe import serve; serve()"


def probe_hdf5(path: Path) -> None:
    """Read all of an HDF5 file in another process, which lives on for the next file.

    Raises
    ------
    DataError
        If it is not as `hdf5.open_hdf5` wants it, its texts are more than it can hold, or the
        library cannot read it, crashes or finds no end.
    """
    _process().check(path)


@cache
def _process() -> "_Process":
    process = _Process()
    atexit.register(process.end)
    return process


class _Process:
    """The process that reads, begun when it is needed and again when it has died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def check(self, path: Path) -> None:
        """Raise DataError unless the process reads the file."""
        seconds = READ_SECONDS + path.stat().st_size / BYTES_PER_SECOND
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._begin()
            problem = self._ask(path, seconds)
        if problem:
            raise DataError(problem)

    def end(self) -> int | None:
        """End the process; return its exit code if it ended by itself."""
        if self._child is None:
            return None
        try:
            code = self._child.wait(0.1)
        except subprocess.TimeoutExpired:
            code = None
        self._child.kill()
        self._child.communicate()
        self._child = None
        return code

    def _begin(self) -> None:
        self.end()
        # our own path and no other: the working folder may be the one the foreign files are in
        places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-P", "-c", SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": places},
        )
        if self._answer(BEGIN_SECONDS) is None:
            self.end()
            raise DataError("it cannot be read: no other process can be begun to try it")

    def _ask(self, path: Path, seconds: float) -> str:
        pipe: Any = getattr(self._child, "stdin", None)
        pipe.write(json.dumps(os.fspath(path.absolute())).encode() + b"\n")
        pipe.flush()
        answer = self._answer(seconds)
        if answer is not None:
            return answer
        code = self.end()
        return "the HDF5 library " + (
            f"finds no end in it in {seconds:.0f} s" if code is None else f"crashes on it ({code})"
        )

    def _answer(self, seconds: float) -> str | None:
        """Return the process's next line, None if it dies or says nothing for so long."""
        pipe: Any = getattr(self._child, "stdout", None)
        ready, _, _ = select.select([pipe], [], [], seconds)
        line = pipe.readline() if ready else b""
        return str(json.loads(line)) if line else None


def serve() -> None:
    """Read the files named on standard input, and say what is wrong with each, or nothing."""
    _limit_memory()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    print(json.dumps(""), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_problem(Path(json.loads(line)))), file=answers, flush=True)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _problem(path: Path) -> str:
    from genearena.data.reading.formats.hdf5 import open_hdf5, read_all

    try:
        with open_hdf5(path) as file:
            read_all(file, path.stat().st_size)
    except MemoryError:
        return f"its parts do not fit into {gibibytes(MOST_MEMORY)}"
    except Exception as error:  # noqa: BLE001 - told to the process that asks
        return first_line(error)
    return ""
