"""Random streams that depend on what they are for, never on what was drawn before."""

import numpy as np


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return a generator of its own for a seed and a purpose, such as ("lung", 300, "sample")."""
    return np.random.default_rng([seed, *"/".join(map(str, purpose)).encode()])
