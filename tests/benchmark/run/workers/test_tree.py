"""Memory and end of a process with its descendants."""

import os
import subprocess
import sys

import pytest
from processes import alive, until

from genearena.benchmark.run.workers import tree as tree_module
from genearena.benchmark.run.workers.tree import ProcessTree

MB = 10**6

FAMILY = """\
import os, sys, time
held = bytearray(os.urandom(1)) * 200_000_000
children = []
for number in range(4):
    child = os.fork()
    if child == 0:
        if number == 0:
            os.setsid()
        time.sleep(1000)
    children.append(child)
print(*children, flush=True)
time.sleep(1000)
"""


@pytest.fixture
def family():
    """Start a process that holds 200 MB and forks four children, one into another group."""
    command = [sys.executable, "-S", "-c", FAMILY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        pids = [int(word) for word in process.stdout.readline().split()]
        yield process, pids
        for pid in (process.pid, *pids):
            if alive(pid):
                os.kill(pid, 9)


def test_shared_memory_counts_once(family, monkeypatch):
    """Four forked children do not make a gigabyte of 200 MB."""
    process, _ = family
    # what was seen a moment ago is good enough for workers, but here the children are new
    monkeypatch.setattr(tree_module, "_FAMILY", tree_module._Family())
    assert 200 * MB < ProcessTree(process.pid).memory_bytes() < 260 * MB


def test_all_descendants_are_killed(family):
    """The process group and who has left it; CPU time is told while they live."""
    process, children = family
    tree = ProcessTree(process.pid)
    assert tree.cpu_seconds() > 0
    tree.kill()
    process.wait(10)
    until(lambda: not any(map(alive, children)), seconds=10)
    assert tree.memory_bytes() == 0
