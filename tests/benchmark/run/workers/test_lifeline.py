"""The kernel kills a process group when a pipe's other end closes."""

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="F_SETSIG is Linux's own")

DEAF = """\
import signal, subprocess, sys
from genearena.benchmark.run.workers.lifeline import die_with_parent
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
die_with_parent(int(sys.argv[1]))
print(child.pid, flush=True)
while True:
    pass
"""


def start(reading):
    """Start a process that blocks all signals and hangs on the pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", DEAF, str(reading)], pass_fds=[reading], start_new_session=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def test_the_end_of_the_owner_kills_the_group():
    """Deaf or not, and its child, which inherits nothing of the matter."""
    reading, writing = os.pipe()
    with start(reading) as process:
        child = int(process.stdout.readline())
        os.kill(child, 0)
        os.close(writing)
        assert process.wait(30) == -signal.SIGKILL
        # the child held the other end of our pipe for its output
        assert process.stdout.read() == b""
    os.close(reading)


def test_an_owner_that_died_before_is_noticed():
    """A pipe that is closed already kills at once."""
    reading, writing = os.pipe()
    os.close(writing)
    with start(reading) as process:
        assert process.wait(30) == -signal.SIGKILL
    os.close(reading)
