"""Names of files that are made of names which may be anything."""

import hashlib
import json
import re

LONGEST = 60
# no hyphen, which joins names, and no capitals, which some file systems take for small letters
_PLAIN = re.compile(r"[a-z0-9_+]+")


def file_name(*names: str) -> str:
    """Return names as one that is safe as a file's; other names never give the same.

    Returns
    -------
    ``lung-simulated`` where all are small letters, digits, ``_`` and ``+``; otherwise what is safe
    of them, and a digest of them all: ``lung-my-data.0a1b2c3d4e5f``.
    """
    joined = "-".join(names)
    if all(map(_PLAIN.fullmatch, names)) and len(joined) <= LONGEST:
        return joined
    digest = hashlib.sha256(json.dumps(names).encode()).hexdigest()[:12]
    safe = re.sub("[^A-Za-z0-9]+", "-", joined).strip("-")[:LONGEST]
    return f"{safe or '_'}.{digest}"
