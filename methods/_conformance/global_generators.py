"""See whether code moves the global random generators of Python, numpy or torch."""

import pickle
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

# a seed no method uses, so that reseeding shows even where an earlier fit left the same state
_SEED = 6_700_417


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
