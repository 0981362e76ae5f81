"""Hand damaged files to a process that reads them, and begin another when it dies."""

import json
import os
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds without an answer after which a case hangs; a sound one takes hundredths."""
MOST_SECONDS = 30.0
"""A file in which the HDF5 library finds no end takes half of it, in a process of its own."""
MOST_MEBIBYTES = 1024


@dataclass
class Tally:
    """How the cases of one target ended, and those that ended otherwise than they may."""

    endings: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Harness:
    """Runs cases in a child process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.targets: tuple[str, ...] = tuple(self._begin())

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def sound(self, target: str) -> dict[str, Any]:
        """Read the undamaged file."""
        return self._ask(target, None)

    def run(self, target: str, cases: int) -> Tally:
        """Read damaged files, numbered from 0; the same number gives the same file."""
        tally = Tally()
        for number in range(cases):
            answer = self._ask(target, number)
            problem = _problem(answer)
            tally.endings["broken" if problem else answer["ended"]] += 1
            if problem:
                tally.broken.append(f"{target}:{number}: {problem}")
        return tally

    def _ask(self, target: str, number: int | None) -> dict[str, Any]:
        if self._child is None:
            self._begin()
        self._pipe("stdin").write(json.dumps([target, number]).encode() + b"\n")
        self._pipe("stdin").flush()
        answer: dict[str, Any] | None = self._answer(PATIENCE)
        if answer is None:
            return {"ended": "died", "why": self._end()}
        return answer

    def _end(self) -> str:
        """End the child and return why it did not answer."""
        assert self._child is not None
        try:
            why = f"exit code {self._child.wait(1)}"
        except subprocess.TimeoutExpired:
            why = "hangs"
        self.close()
        return why

    def _pipe(self, name: str) -> Any:
        return getattr(self._child, name)

    def _begin(self) -> Any:
        self._rest = b""
        child = [sys.executable, str(Path(__file__).with_name("child.py"))]
        self._child = subprocess.Popen(
            child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | THREADS
        )
        names = self._answer(300)
        assert names is not None, "the child process did not begin"
        return names

    def _answer(self, patience: float) -> Any:
        """Return the next line, None if the child dies or says nothing for so long."""
        answers = self._pipe("stdout")
        while b"\n" not in self._rest:
            ready, _, _ = select.select([answers], [], [], patience)
            part = os.read(answers.fileno(), 2**16) if ready else b""
            if not part:
                return None
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


THREADS = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def _problem(answer: dict[str, Any]) -> str:
    if answer["ended"] not in ("accepted", "refused"):
        return f"{answer['ended']}: {answer['why']}"
    if answer["seconds"] > MOST_SECONDS:
        return f"took {answer['seconds']:.0f} s"
    if answer["mebibytes"] > MOST_MEBIBYTES:
        return f"took {answer['mebibytes']:.0f} MiB"
    return ""
