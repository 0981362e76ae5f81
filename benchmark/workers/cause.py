"""Why a worker process died."""

import signal
import subprocess


def cause_of_death(process: subprocess.Popen[bytes]) -> str:
    """Return how a process ended, in words."""
    code = process.wait()
    if code >= 0:
        return f"the worker process ended with exit code {code}"
    name = signal.Signals(-code).name
    hint = " (often the system's answer to a lack of memory)" if name == "SIGKILL" else ""
    return f"the worker process was killed by {name}{hint}"
