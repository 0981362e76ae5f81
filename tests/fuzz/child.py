"""Read damaged files one after another in a process that may die of it.

Told cases on standard input, one JSON list ``[target, number]`` a line, it answers each by a JSON
object a line: how it ended (``accepted``, ``refused`` by an error of the suite's own, or
``escaped``), why, seconds, and MiB by which memory rose over all before.
"""

import json
import random
import resource
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

MOST_MEMORY = 12 * 2**30


def main() -> None:
    """Serve until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    warnings.simplefilter("ignore")
    from targets import make_targets

    with tempfile.TemporaryDirectory() as shared:
        targets = make_targets(Path(shared))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        print(json.dumps(sorted(targets)), file=answers, flush=True)
        for line in sys.stdin:
            name, number = json.loads(line)
            print(json.dumps(_case(targets[name], name, number)), file=answers, flush=True)


def _case(target: object, name: str, number: int | None) -> dict[str, object]:
    before, start = _peak(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        data = target.data
        if number is not None:
            data = target.damaged(random.Random(f"{name}:{number}"))
        for file, content in (*target.beside, (target.file, data)):
            (at / file).parent.mkdir(parents=True, exist_ok=True)
            (at / file).write_bytes(content)
        ended, why = _outcome(target, at)
    return {
        "ended": ended,
        "why": why,
        "seconds": time.perf_counter() - start,
        "mebibytes": (_peak() - before) / 2**10,
    }


def _outcome(target: object, at: Path) -> tuple[str, str]:
    from targets import NotUsable

    from genearena.data.common.errors import GeneArenaError

    try:
        target.read(at)
    except NotUsable:
        return "refused", ""
    except GeneArenaError as error:
        text = str(error)
        if _out_of_memory(error):
            return "escaped", f"tried to allocate: {text}"
        if "\n" in text:
            return "escaped", f"more than a line: {text!r}"
        return "refused", text
    except BaseException:  # noqa: BLE001 - whatever else comes out is what is looked for
        return "escaped", traceback.format_exc()
    return "accepted", ""


def _out_of_memory(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
