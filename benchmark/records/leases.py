"""Leases on jobs, so that no two processes on one results folder do the same one.

Nothing but atomic creation of a name is asked of the file system, so this holds on NFS, Lustre
or BeeGFS without fcntl or flock:

- An owner is a process with one file, ``.TOKEN.owner``. A lease is a hard link to it,
  ``.RUN_ID.0.lease``: linking fails if the name exists, and one touch of the owner's file beats
  the heart of all of its leases. Where there are no hard links a lease is a copy made with
  O_CREAT | O_EXCL, and the heartbeat is read from the owner's file.
- A lease lapses at once if its owner ran on this machine and is gone; else when its heartbeat has
  not changed during as many of the *observer's own* heartbeats as fill the lease. No two clocks
  are compared, and time in which the observer or the file server stood still does not count.
- A lapsed lease is never removed to be taken over: the next generation, ``.RUN_ID.1.lease``, is
  linked, which again only one can do, and counts only if the lapsed generations are still there.
  Removing a lease by name could hit one that another process took in the meantime.
- Who is done removes the lapsed generations, then its own.

So one process at most works on a job, as long as an owner that lives keeps beating. One that is
stopped for longer than its lease and goes on later costs work done twice, but no record: a record
is only put in place where there is still what the job was planned from
(`ResultStore.write_instead_of`).

Owners and leases lie among the records, because creating a name in a folder makes an NFS client
drop what it remembers of that folder: a record that another machine made before it gave its lease
back is seen by who claims the job next.
"""

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

from genearena.benchmark.records.owner import Owner
from genearena.data.common.atomic import NO_HARD_LINKS
from genearena.data.common.errors import StoreError

LEASE_SECONDS = 60.0
BEATS_PER_LEASE = 6
GONE = (errno.ENOENT, errno.ESTALE)


class Leases:
    """The leases of this process on the jobs of a results folder.

    Used as a context: a thread beats the heart inside, and all leases are given back on leaving.
    They lie in the `folder` of the records, made if missing; others wait so many `seconds` for a
    sign of life before they take over. `gone` are tokens of owners that are known to be gone,
    whatever their leases say.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """

    def __init__(
        self, folder: Path, seconds: float = LEASE_SECONDS, *, gone: Collection[str] = ()
    ) -> None:
        self.folder = folder
        self._gone = gone
        self.owner = Owner.this_process(seconds)
        self._file = _owner_file(folder, self.owner)
        self._interval = seconds / BEATS_PER_LEASE
        self._beats = 0
        self._seen: dict[str, tuple[int, int]] = {}
        self._held: dict[str, int] = {}
        self._stop = Event()
        self._heart = Thread(target=self._keep_beating, name="lease-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._announce()
        self._heart.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._heart.join()
        for run_id in list(self._held):
            self.give_back(run_id)
        with suppress(OSError):
            self._file.unlink()

    def claim(self, run_id: str) -> Owner | None:
        """Take the lease of a job; return None if it is ours now, else its present owner.

        Raises
        ------
        StoreError
            If the folder cannot be read or written.
        """
        try:
            return self._claim(run_id)
        except OSError as error:
            raise StoreError(
                f"cannot claim {run_id} in {self.folder}: {error.strerror}; "
                "free space or choose another folder"
            ) from error

    def give_back(self, run_id: str) -> None:
        """Remove a lease of ours, lapsed generations first: others must not build on them."""
        for generation in range(self._held.pop(run_id) + 1):
            with suppress(OSError):
                self._lease(run_id, generation).unlink()

    def beat(self) -> None:
        """Show that this process lives; a beat that cannot be made is not counted."""
        with suppress(OSError):
            try:
                os.utime(self._file)
            except FileNotFoundError:
                self._announce()
            self._beats += 1

    def _keep_beating(self) -> None:
        while not self._stop.wait(self._interval):
            self.beat()

    def _announce(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(self.owner.content())
            self._file.chmod(0o644)
        except OSError as error:
            with suppress(OSError):
                self._file.unlink()
            raise StoreError(
                f"cannot write to {self.folder}: {error.strerror}; "
                "free space or choose another folder"
            ) from error

    def _lease(self, run_id: str, generation: int) -> Path:
        return self.folder / f".{run_id}.{generation}.lease"

    def _claim(self, run_id: str) -> Owner | None:
        lapsed: list[Owner] = []
        while True:
            path = self._lease(run_id, len(lapsed))
            if self._create(path):
                if all(_read(self._lease(run_id, n)) == owner for n, owner in enumerate(lapsed)):
                    self._held[run_id] = len(lapsed)
                    return None
                path.unlink(missing_ok=True)
                lapsed = []
                continue
            owner = _read(path)
            if owner is None:  # given back just now
                lapsed = []
            elif self._has_lapsed(owner, path):
                lapsed.append(owner)
            else:
                return owner

    def _create(self, path: Path) -> bool:
        try:
            try:
                self._link(path)
            except FileNotFoundError:  # somebody removed the owner's file, or the folder
                self._announce()
                self._link(path)
        except FileExistsError:
            # NFS may link, lose its answer, and find the link when it tries again
            return _read(path) == self.owner
        return True

    def _link(self, path: Path) -> None:
        try:
            os.link(self._file, path)
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            _create_copy(path, self.owner.content())

    def _has_lapsed(self, owner: Owner, path: Path) -> bool:
        if owner.has_died() or owner.token in self._gone:
            return True
        heartbeat = _heartbeat(owner, path)
        seen, since = self._seen.get(owner.token, (None, 0))
        if heartbeat != seen:
            self._seen[owner.token] = (heartbeat, self._beats)
            return False
        # the first of the beats since may have come right after the look
        return (self._beats - since - 1) * self._interval >= owner.seconds


@dataclass(frozen=True)
class LeaseFile:
    """A lease as it lies in its folder, or an owner's own file, which is of no run.

    `heartbeat` is when the owner last gave a sign of life, in seconds by the clock of the file
    system; 0 if the file is gone.
    """

    path: Path
    run_id: str
    owner: Owner
    heartbeat: float


def lease_files(folder: Path) -> Iterator[LeaseFile]:
    """Yield the leases and the owners' files in a folder of records."""
    for path in sorted(folder.glob(".*")):
        if path.suffix not in (".lease", ".owner"):
            continue
        owner = _read(path)
        if owner is not None:
            run_id = path.stem[1:].rpartition(".")[0] if path.suffix == ".lease" else ""
            yield LeaseFile(path, run_id, owner, _heartbeat(owner, path) / 1e9)


def _owner_file(folder: Path, owner: Owner) -> Path:
    return folder / f".{owner.token}.owner"


def _heartbeat(owner: Owner, lease: Path) -> int:
    # a lease that is a copy has no heart of its own
    return _modified(_owner_file(lease.parent, owner)) or _modified(lease)


def _create_copy(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _read(path: Path) -> Owner | None:
    """Return a lease's owner, None if there is no such lease."""
    try:
        content = path.read_bytes()
    except OSError as error:
        if error.errno in GONE:
            return None
        raise
    # a copy is not written in one step; who died in the middle is as good as any owner
    return Owner.parse(content) or Owner.unknown(path.name, LEASE_SECONDS)


def _modified(path: Path) -> int:
    """Return when a file was last touched, 0 if it is gone.

    It is opened, because NFS asks the server on opening only.
    """
    try:
        with path.open("rb") as file:
            return os.fstat(file.fileno()).st_mtime_ns
    except OSError as error:
        if error.errno in GONE:
            return 0
        raise
