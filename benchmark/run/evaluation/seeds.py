"""Random seeds that depend on what a run is, never on when or beside what it runs."""

import hashlib


def derive_seed(*parts: str | int) -> int:
    """Derive a seed below 2**31 from named parts.

    Parameters
    ----------
    parts
        What the seed is for, for example (3, "lung", "gae", "fit").

    Returns
    -------
    The first 31 bits of the SHA-256 of the parts.
    """
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
