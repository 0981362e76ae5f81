"""The lease protocol through every order of its steps on the file system."""

import itertools
import os
import threading
from pathlib import Path

import pytest
from interleavings import explore

from genearena.benchmark.records import leases as protocol
from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.owner import Owner

RUN = "lung.pca.s0.0123456789abcdef"


class Twice(AssertionError):
    """Two live processes at one job."""


class RemovesLapsed(Leases):
    """The obvious protocol, for comparison: remove what has lapsed, then take its place."""

    def _claim(self, run_id):
        path = self._lease(run_id, 0)
        while not self._create(path):
            owner = protocol._read(path)
            if owner is None:
                continue
            if not self._has_lapsed(owner, path):
                return owner
            path.unlink(missing_ok=True)
        self._held[run_id] = 0
        return None


class Folder:
    """A results folder with one job, actors that want to do it, and what they did."""

    def __init__(self, folder, dead, kind, monkeypatch):
        self.folder, self.dead_tokens = folder, set()
        self.working, self.records = set(), 0
        self._gates = {}  # thread -> where it waits for its turn
        self._let_everyone_through(monkeypatch)
        for generation in range(dead):
            self._leave_behind(generation)
        self.leases = [kind(folder, 60) for _ in range(3)]
        for lease in self.leases:
            lease._announce()

    def _leave_behind(self, generation):
        """Put a lease of a process that is gone."""
        gone = Leases(self.folder, 60)
        gone._announce()
        os.link(gone._file, gone._lease(RUN, generation))
        self.dead_tokens.add(gone.owner.token)

    def _let_everyone_through(self, monkeypatch):
        def gated(function):
            def call(*arguments, **options):
                gate = self._gates.get(threading.get_ident())
                if gate is not None:
                    gate()
                return function(*arguments, **options)

            return call

        monkeypatch.setattr(protocol.Leases, "_create", gated(ORIGINAL["create"]))
        monkeypatch.setattr(protocol, "_read", gated(ORIGINAL["read"]))
        monkeypatch.setattr(Path, "unlink", gated(ORIGINAL["unlink"]))
        dead = self.dead_tokens
        monkeypatch.setattr(Owner, "has_died", lambda owner: owner.token in dead)

    def crashed(self, number):
        """Take note that a process is gone, and so is what it was doing."""
        self.dead_tokens.add(self.leases[number].owner.token)
        self.working.discard(number)

    def actor(self, number):
        """Return a process that tries once to do the job."""

        def act(gate):
            self._gates[threading.get_ident()] = gate
            leases = self.leases[number]
            if leases.claim(RUN) is not None:
                return
            if not self.records:
                self.working.add(number)
                if len(self.working) > 1:
                    raise Twice
                gate()
                self.records += 1
                self.working.discard(number)
            gate()
            leases.give_back(RUN)

        return act


ORIGINAL = {"create": Leases._create, "read": protocol._read, "unlink": Path.unlink}


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    """Return a maker of scenarios: `dead` lapsed generations, `actors` live processes."""
    numbers = itertools.count()

    def make(dead, actors, kind=Leases):
        def start():
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            state = Folder(folder, dead, kind, monkeypatch)

            def finish():
                state.actor(2)(lambda: None)
                assert state.records == 1, "the job was not done, or done twice"

            return [state.actor(i) for i in range(actors)], state.crashed, finish

        return start

    return make


@pytest.mark.parametrize(
    ("dead", "actors", "interruptions", "crashes"),
    [(1, 2, 1, 1), (1, 2, 2, 0), (2, 2, 1, 0), (1, 3, 1, 0)],
)
def test_live_processes_never_do_a_job_twice(scenario, dead, actors, interruptions, crashes):
    """Whatever dead processes left behind and whoever dies on the way: one works at a time."""
    orders = explore(scenario(dead, actors), interruptions=interruptions, crashes=crashes)
    assert orders > 20


def test_removing_lapsed_leases_would_do_a_job_twice(scenario):
    """The exploration finds the race of the obvious protocol, so it would find ours."""
    with pytest.raises(Twice):
        explore(scenario(1, 2, RemovesLapsed), interruptions=2)
