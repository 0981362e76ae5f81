"""The checks that plugins of every kind are run through; each tells all faults it finds."""

import pickle
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import numpy as np

from genearena.data.common.errors import ContractError
from genearena.data.common.one_line import told

P = ParamSpec("P")

# a seed no plugin uses, so that reseeding shows even where an earlier run left the same state
_SEED = 6_700_417


@dataclass(frozen=True)
class CheckResult:
    """How one check ended: a line for each fault, none if it passed."""

    name: str
    faults: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


def check(faults: Callable[P, Iterable[str]]) -> Callable[P, None]:
    """Make a check of a function that yields a line for every fault.

    What the function raises, which a plugin decides, is a fault too. The check raises
    ContractError with all of them, and nothing if there is none.
    """

    @wraps(faults)
    def raising(*given: P.args, **named: P.kwargs) -> None:
        found: list[str] = []
        try:
            for line in faults(*given, **named):
                found.append(line)  # noqa: PERF402 - keeps those before an error
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
            found.append(told(error))
        if found:
            raise ContractError("\n".join(dict.fromkeys(found)))

    return raising


def run_all(
    checks: Sequence[Callable[P, None]], *given: P.args, **named: P.kwargs
) -> list[CheckResult]:
    """Run every check, one result for each in their order."""
    return [_run(each, *given, **named) for each in checks]


def _run(each: Callable[P, None], *given: P.args, **named: P.kwargs) -> CheckResult:
    start, faults = time.perf_counter(), tuple[str, ...]()
    try:
        each(*given, **named)
    except ContractError as error:
        faults = tuple(str(error).split("\n"))
    return CheckResult(each.__name__.removeprefix("check_"), faults, time.perf_counter() - start)


@contextmanager
def watched_generators() -> Iterator[list[str]]:
    """Collect the names of the global generators the block moves; put all back afterwards.

    torch is watched if it was imported before the block.
    """
    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")  # noqa: NPY002
    state = None if torch is None else torch.get_rng_state()
    random.seed(_SEED)
    np.random.seed(_SEED)  # noqa: NPY002
    if torch is not None:
        torch.default_generator.manual_seed(_SEED)
    before = _states()
    moved: list[str] = []
    try:
        yield moved
        moved.extend(name for name, now in _states().items() if now != before.get(name, now))
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if torch is not None:
            torch.set_rng_state(state)


def _states() -> dict[str, bytes]:
    states = {
        "random": pickle.dumps(random.getstate()),
        "numpy": pickle.dumps(np.random.get_state()),  # noqa: NPY002
    }
    torch = sys.modules.get("torch")
    if torch is not None:
        states["torch"] = torch.get_rng_state().numpy().tobytes()
    return states
