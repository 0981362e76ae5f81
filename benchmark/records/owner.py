"""Who holds a lease: a process, told apart from any other on any machine."""

import hashlib
import json
import os
import secrets
import socket
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Token = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Owner:
    """A process that takes leases, which lapse when its heart stands still for so many `seconds`.

    `host` names its machine for people; `machine` is the boot and process namespace that `pid`
    belongs to, empty where the platform does not tell; `started` is the kernel's time of its start,
    as a later process may get the number; `token` is random.
    """

    host: str
    machine: str
    pid: Annotated[int, Field(gt=0)]
    started: str
    token: Token
    seconds: Annotated[float, Field(gt=0, le=3600)]

    @classmethod
    def this_process(cls, seconds: float) -> Self:
        """Return a new owner in this process."""
        pid = os.getpid()
        started = _state_and_start(pid)[1]
        return cls(socket.gethostname(), _machine(), pid, started, secrets.token_hex(8), seconds)

    @classmethod
    def unknown(cls, lease: str, seconds: float) -> Self:
        """Return the owner of a lease that does not say whose it is."""
        token = hashlib.sha256(lease.encode()).hexdigest()[:16]
        return cls("an unknown host", "", 1, "", token, seconds)

    @staticmethod
    def parse(content: bytes) -> "Owner | None":
        """Read an owner from a lease, None if the lease is not (yet) wholly written."""
        try:
            return TypeAdapter(Owner).validate_json(content)
        except ValidationError:
            return None

    def content(self) -> bytes:
        """Return what stands in the owner's leases."""
        return json.dumps(asdict(self)).encode()

    def has_died(self) -> bool:
        """Return whether the process is known to be gone; False where that cannot be known."""
        if not self.machine or self.machine != _machine():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False  # another user's: /proc may hide it, its heartbeat tells
        state, started = _state_and_start(self.pid)
        return state in ("Z", "X", "") or started != self.started


@cache
def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _state_and_start(pid: int) -> tuple[str, str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "", ""
    # the command's name stands in brackets and may hold anything, brackets included
    values = text.rpartition(")")[2].split()
    return values[0], values[19]
