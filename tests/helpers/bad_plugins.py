"""Methods that do to a worker process whatever a plugin may do to it.

Usable as ``bad_plugins:Name`` wherever a method is named, with this folder on the import path.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from genearena.methods.base import Method


class Good(Method):
    """Gives seeded noise: what all others do where nothing is said."""

    name = "good"

    def fit(self, graphs):
        rng = np.random.default_rng(self.seed)
        self.z_ = [rng.normal(size=(g.n_genes, self.dim)).astype(np.float32) for g in graphs]
        return self

    def embed(self):
        return self.z_


def stray(name):
    """Return the file in which a method leaves the ids of processes it starts."""
    return Path(os.environ["STRAYS"]) / f"{name}.{os.getpid()}"


# --- raise ------------------------------------------------------------------------------------


class Raises(Good):
    """Raises an error of several lines."""

    def fit(self, graphs):
        raise ValueError("the matrix\nis singular")


class Exits(Good):
    """Leaves through sys.exit."""

    def fit(self, graphs):
        sys.exit(3)


class Interrupts(Good):
    """Raises what Ctrl-C raises."""

    def embed(self):
        raise KeyboardInterrupt


class DiskFull(Good):
    """Meets a full disk."""

    def fit(self, graphs):
        raise OSError(28, "No space left on device")


# --- return nonsense --------------------------------------------------------------------------


class Nan(Good):
    """Gives no finite values."""

    def embed(self):
        return [z * np.nan for z in self.z_]


class WrongShape(Good):
    """Forgets a gene."""

    def embed(self):
        return [z[:-1] for z in self.z_]


class WrongType(Good):
    """Gives text."""

    def embed(self):
        return [z.astype(str) for z in self.z_]


class Nonsense(Good):
    """Gives one of these, by its seed."""

    def embed(self):
        kinds = (Nan, WrongShape, WrongType)
        return kinds[self.seed % len(kinds)].embed(self)


# --- die --------------------------------------------------------------------------------------


class Segfaults(Good):
    """Reads address zero from C."""

    def fit(self, graphs):
        ctypes.string_at(0)


class Aborts(Good):
    """Ends as C++ does on an exception nobody catches."""

    def fit(self, graphs):
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()


class ExitsHard(Good):
    """Ends the process without Python's knowledge."""

    def fit(self, graphs):
        os._exit(7)


class KilledFromOutside(Good):
    """Is killed as the kernel kills when memory is short."""

    def fit(self, graphs):
        os.kill(os.getpid(), signal.SIGKILL)


class KilledOnce(Good):
    """Is killed from outside at its first attempt only."""

    def fit(self, graphs):
        seen = Path(os.environ["STRAYS"]) / f"killed-once.{self.seed}"
        if not seen.exists():
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit(graphs)


class LeavesForked(Good):
    """Forks a child that holds all of its files open, and crashes."""

    def fit(self, graphs):
        child = os.fork()
        if child == 0:
            time.sleep(1000)
        stray("forked").write_text(str(child))
        ctypes.string_at(0)


# --- hang -------------------------------------------------------------------------------------


class HangsInC(Good):
    """Loops in C with the interpreter lock held, deaf to every signal that can be ignored."""

    def fit(self, graphs):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # PyDLL keeps the lock; pause() in a loop would need Python, an endless read does not
        reading, _writing = os.pipe()
        ctypes.PyDLL(None).read(reading, ctypes.create_string_buffer(1), 1)


class HangsWithChildren(Good):
    """Waits for ever, as do its children, one of which has left the process group."""

    def fit(self, graphs):
        wait = [sys.executable, "-c", "import time; time.sleep(1000)"]
        children = [subprocess.Popen(wait), subprocess.Popen(wait, start_new_session=True)]
        stray("children").write_text(" ".join(str(child.pid) for child in children))
        time.sleep(1000)


class Slow(Good):
    """Takes half a second."""

    def fit(self, graphs):
        time.sleep(0.5)
        return super().fit(graphs)


# --- eat --------------------------------------------------------------------------------------


class Leaks(Good):
    """Takes 20 MB at a time, without end."""

    def fit(self, graphs):
        kept = []
        while True:
            kept.append(np.ones(2_500_000))


class ChildLeaks(Good):
    """Has a child do it."""

    def fit(self, graphs):
        code = "import time\nkept = []\nwhile True: kept.append(b'x' * 20_000_000)"
        subprocess.run([sys.executable, "-c", code], check=True)


class Keeps(Good):
    """Keeps 300 MB for as long as its process lives."""

    kept: list = []

    def fit(self, graphs):
        self.kept.append(np.ones(37_500_000))
        return super().fit(graphs)


class KeepsAndRaises(Keeps):
    """Keeps it and fails."""

    def fit(self, graphs):
        super().fit(graphs)
        raise ValueError("kept it")


class Churns(Good):
    """Says how often the system cleared memory for arrays that came and went."""

    def fit(self, graphs):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(50):
            _ = b"x" * 40_000_000  # of numpy's arrays the system clears larger pages
        raise ValueError(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)


class Works(Good):
    """Uses a tenth of a second of CPU itself and another in a child, and 100 MB for a moment."""

    def fit(self, graphs):
        np.ones(12_500_000)
        spin = "import time\nwhile time.process_time() < 0.15: pass"
        end = time.process_time() + 0.15
        while time.process_time() < end:
            pass
        subprocess.run([sys.executable, "-S", "-c", spin], check=True)
        return super().fit(graphs)


# --- disturb ----------------------------------------------------------------------------------


class Prints(Good):
    """Prints from Python and past it, and draws a progress bar."""

    def fit(self, graphs):
        print("hello from a plugin")
        os.write(1, b"straight to the descriptor\n")
        sys.stderr.write("10 %\r50 %\r100 %\n")
        subprocess.run(["echo", "from a child"], check=True)
        return super().fit(graphs)


class Orphanage(Good):
    """Leaves a child behind."""

    def fit(self, graphs):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        stray("orphan").write_text(str(child.pid))
        return super().fit(graphs)


class Daemonises(Good):
    """Leaves a daemon behind: nobody's child, in a session of its own."""

    def fit(self, graphs):
        stray("daemon").write_text(str(daemon()))
        return super().fit(graphs)


class DaemonisesAndCrashes(Good):
    """Leaves one behind that nobody had the time to see."""

    def fit(self, graphs):
        stray("crashed").write_text(str(daemon()))
        ctypes.string_at(0)


def daemon():
    """Start a daemon as Unix programs do, and return its process id."""
    told, tell = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(tell, str(os.getpid()).encode())
            time.sleep(1000)
        os._exit(0)
    os.waitpid(middle, 0)
    return int(os.read(told, 20))


class SomeSeedsSegfault(Good):
    """Crashes for every other seed, and fails for the rest."""

    def fit(self, graphs):
        if self.seed % 2 == 0:
            ctypes.string_at(0)
        raise ValueError("this seed is innocent")


class SomeSeedsHang(Good):
    """Hangs for every other seed, and fails for the rest."""

    def fit(self, graphs):
        if self.seed % 2 == 0:
            time.sleep(1000)
        raise ValueError("this seed is innocent")
