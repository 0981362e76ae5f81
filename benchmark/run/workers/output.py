"""What a worker process prints: passed on line by line, its end kept."""

import os
import sys
import threading

_KEPT = 4096
_CHUNK = 65536


class Output:
    """Reads what comes out of a pipe, in a thread, so that its writers never wait.

    Whole lines go to `sys.stderr` as it is then, which a progress display may have replaced to
    print above its bars; of a line that was drawn over with carriage returns only the last state.

    Parameters
    ----------
    descriptor
        The reading end; closed when all writers are gone.
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
