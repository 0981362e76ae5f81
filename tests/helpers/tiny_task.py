"""A small simulated task and a way to call ``bench``, for tests that run the whole suite."""

import atexit
import json
import os
import subprocess
import sys
import traceback
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

SOURCE = "tiny"
BENCH = (sys.executable, "-c", "from genearena.benchmark.cli import main; main()")
# what commands import takes seconds, longer than most do their work
_WARM = get_context("forkserver")
IMPORTED = (
    "tiny_task", "anndata", "rich.table", "scipy.stats", "sklearn.metrics", "torch",
    "genearena.benchmark.run.plan", "genearena.benchmark.run.runner",
    "genearena.benchmark.compare.build",
)  # fmt: skip
_WARM.set_forkserver_preload(list(IMPORTED))


def bench(*arguments, cwd, check=True, path=None):
    """Run the ``bench`` command in a process of its own, with `path` importable, and return it.

    The process is the fork of one that has imported the heavy packages. `BENCH` is the command
    for tests of the process itself.
    """
    places = [str(path)] if path else []
    places += filter(None, [os.environ.get("PYTHONPATH")])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    words = ["bench", *map(str, arguments)]
    with TemporaryDirectory() as folder:
        told = Path(folder, "out"), Path(folder, "err")
        what = (words, str(cwd), environment, _import_path(), *map(str, told))
        process = _WARM.Process(target=_command, args=what)
        process.start()
        process.join(600)
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"bench {arguments[:1]} did not end")
        out, err = (file.read_text(encoding="utf-8") for file in told)
    done = subprocess.CompletedProcess(words, process.exitcode, out, err)
    if check and done.returncode:
        raise AssertionError(f"{words} gave {done.returncode}: {done.stderr}")
    return done


@cache
def _import_path():
    """Return where a fresh interpreter looks, apart from PYTHONPATH."""
    ask = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.path))"]
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return json.loads(subprocess.run(ask, env=bare, capture_output=True, check=True).stdout)


def _command(words, cwd, environment, import_path, out, err):
    """Be the command, from its first line to its exit code."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    places = environment["PYTHONPATH"].split(os.pathsep)
    sys.path[:] = [import_path[0], *filter(None, places), *import_path[1:]]
    sys.argv = words
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    code = 0
    try:
        from genearena.benchmark.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - told as a fresh process would
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def simulate_tiny_task(folder: Path) -> None:
    """Store a two-donor lung task of about ninety genes under the name ``tiny``."""
    sizes = ("--donors", 2, "--genes", 90, "--cells", 120)
    bench(
        "data", "simulate", "--tissue", "lung", "--name", SOURCE, *sizes, "--data-dir", folder,
        cwd=folder,
    )  # fmt: skip
