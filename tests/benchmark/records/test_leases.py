"""Leases of one process, seen by others; the clock is how often hearts were made to beat."""

import errno
import os
from dataclasses import replace

import pytest

from genearena.benchmark.records.leases import BEATS_PER_LEASE, Leases, lease_files
from genearena.benchmark.records.owner import Owner
from genearena.data.common.errors import StoreError

RUN = "lung.pca.s0.0123456789abcdef"
LEASE = 600.0
"""So long that no background thread beats during a test."""


@pytest.fixture(params=["hard links", "copies"])
def folder(request, tmp_path, monkeypatch):
    """Return a folder on a file system with or without hard links."""
    if request.param == "copies":

        def link(*_):
            raise OSError(errno.ENOTSUP, "Operation not supported")

        monkeypatch.setattr(os, "link", link)
    return tmp_path / "records"


@pytest.fixture
def elsewhere(monkeypatch):
    """Make every other owner one whose process number says nothing here."""
    monkeypatch.setattr(Owner, "has_died", lambda self: False)


def beat(leases, times):
    """Make a heart beat, each time at another moment of the file system's clock."""
    path = leases.folder / f".{leases.owner.token}.owner"
    for _ in range(times):
        before = path.stat().st_mtime_ns
        leases.beat()
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def watch(observer, run_id, beats):
    """Look at a lease once per beat of the observer and return the last answer."""
    holder = observer.claim(run_id)
    for _ in range(beats):
        beat(observer, 1)
        holder = observer.claim(run_id)
        if holder is None:
            break
    return holder


def test_a_lease_has_one_owner_and_goes_to_the_next_when_given_back(folder):
    """Claiming twice gives the owner's name; after giving back the lease is free."""
    with Leases(folder, LEASE) as one, Leases(folder, LEASE) as two:
        assert one.claim(RUN) is None
        assert two.claim(RUN) == one.owner
        assert two.claim("another") is None
        one.give_back(RUN)
        assert two.claim(RUN) is None
    assert list(folder.iterdir()) == []


def test_a_beating_heart_keeps_a_lease_for_ever(folder, elsewhere):
    """However long others look, the lease of a process that lives is not taken."""
    with Leases(folder, LEASE) as holder, Leases(folder, LEASE) as observer:
        assert holder.claim(RUN) is None
        for _ in range(10):
            beat(holder, 1)
            assert watch(observer, RUN, BEATS_PER_LEASE) == holder.owner


def test_a_heart_that_stands_still_loses_its_leases_after_their_length(folder, elsewhere):
    """Not before the lease has passed by the observer's own heart, and then to one only."""
    with (
        Leases(folder, LEASE) as holder,
        Leases(folder, LEASE) as one,
        Leases(folder, LEASE) as two,
    ):
        assert holder.claim(RUN) is None
        assert watch(one, RUN, BEATS_PER_LEASE) == holder.owner
        assert watch(two, RUN, BEATS_PER_LEASE) == holder.owner
        assert watch(one, RUN, 1) is None
        assert watch(two, RUN, 1) == one.owner
        one.give_back(RUN)
        assert two.claim(RUN) is None
        two.give_back(RUN)
        assert not list(folder.glob(".*.lease"))


def test_time_in_which_the_observer_stood_still_does_not_count(folder, elsewhere):
    """Two processes frozen together do not take each other for dead when they thaw."""
    with Leases(folder, LEASE) as holder, Leases(folder, LEASE) as observer:
        assert holder.claim(RUN) is None
        for _ in range(100):
            assert observer.claim(RUN) == holder.owner


def test_beats_that_cannot_be_made_do_not_count(folder, elsewhere, monkeypatch):
    """While the file server is away nobody is judged by silence."""

    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    with Leases(folder, LEASE) as holder, Leases(folder, LEASE) as observer:
        assert holder.claim(RUN) is None
        assert observer.claim(RUN) == holder.owner
        with monkeypatch.context() as patch:
            patch.setattr(os, "utime", fail)
            for _ in range(100):
                observer.beat()
        assert observer.claim(RUN) == holder.owner


def leave_behind(folder, **changes):
    """Leave a lease as a process with other particulars would have."""
    leases = Leases(folder, LEASE)
    leases.owner = replace(leases.owner, **changes)
    leases._announce()
    assert leases.claim(RUN) is None
    return leases.owner


def dead_pid():
    """Return the number of a process that has ended."""
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_a_dead_process_of_this_machine_loses_its_lease_at_once(folder):
    """After a crash nobody waits."""
    leave_behind(folder, pid=dead_pid())
    with Leases(folder, LEASE) as leases:
        assert leases.claim(RUN) is None


def test_a_process_that_got_a_dead_one_s_number_does_not_keep_its_lease(folder):
    """The time of the start tells two processes of one number apart."""
    leave_behind(folder, started="1")
    with Leases(folder, LEASE) as leases:
        assert leases.claim(RUN) is None


@pytest.mark.parametrize("machine", ["", "another boot pid:[1]"])
def test_a_number_that_is_dead_here_says_nothing_of_other_machines(folder, machine):
    """Containers and hosts of one name, and platforms that tell nothing, are watched instead."""
    owner = leave_behind(folder, pid=dead_pid(), machine=machine)
    with Leases(folder, LEASE) as leases:
        assert leases.claim(RUN) == owner
        assert watch(leases, RUN, BEATS_PER_LEASE + 1) is None


def test_another_user_s_process_is_not_taken_for_dead(monkeypatch):
    """Where /proc hides other users' processes the heartbeat tells."""

    def kill(*_):
        raise PermissionError

    owner = replace(Owner.this_process(60), started="1")
    assert owner.has_died()
    monkeypatch.setattr(os, "kill", kill)
    assert not owner.has_died()


@pytest.mark.parametrize("content", [b"", b'{"host": "node7', b"\xff", b"[]"])
def test_a_half_written_lease_lapses_too(tmp_path, content):
    """Who died while writing a copy does not block the job for ever, nor give it away at once."""
    (tmp_path / f".{RUN}.0.lease").write_bytes(content)
    with Leases(tmp_path, LEASE) as leases:
        assert leases.claim(RUN).host == "an unknown host"
        assert watch(leases, RUN, BEATS_PER_LEASE + 1) is None


def test_a_lost_answer_is_not_a_lost_lease(tmp_path, monkeypatch):
    """NFS may make the link, lose its answer, try again, and say that it exists."""
    real = os.link

    def link(source, target):
        real(source, target)
        raise FileExistsError(errno.EEXIST, "File exists")

    with Leases(tmp_path, LEASE) as leases:
        monkeypatch.setattr(os, "link", link)
        assert leases.claim(RUN) is None
        monkeypatch.undo()
        leases.give_back(RUN)


def test_a_results_folder_removed_meanwhile_is_made_anew(folder):
    """Tidying by hand during a run does not end it."""
    with Leases(folder, LEASE) as leases:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        assert leases.claim(RUN) is None
        assert [lease.run_id for lease in lease_files(folder)].count(RUN) == 1


def test_a_full_disk_is_one_clear_error(tmp_path, monkeypatch):
    """Claiming needs a name in the folder; where there is no room for it, this is told."""

    def link(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Leases(tmp_path, LEASE) as leases:
        monkeypatch.setattr(os, "link", link)
        with pytest.raises(StoreError, match=r"cannot claim .*No space left on device"):
            leases.claim(RUN)
        monkeypatch.undo()


def test_foreign_tokens_do_not_lead_elsewhere():
    """A forged lease cannot make us open files outside the folder."""
    owner = Owner.this_process(60)
    assert Owner.parse(owner.content()) == owner
    assert Owner.parse(owner.content().replace(owner.token.encode(), b"../../etc/passwd")) is None
