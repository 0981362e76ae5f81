"""Damage to tables of text: odd fields, ragged rows, other encodings."""

import gzip
import random

FIELDS = (
    "", " ", "NaN", "inf", "-1", "1.5", "1e400", "9" * 30, "9" * 5000, "x" * 100_000, '"', '""',
    '"a', "a,b", "\x00", "\t", "=cmd", "é", "\ufeff", "\u202e", "#", "%", "\x1b[2J", "True", "0x10",
    "1_000", "١٢",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-8-sig", "latin-1", "utf-32", "cp037")


def damage_text(data: bytes, rng: random.Random) -> bytes:
    """Return a table of text, gzipped as it was, with one to three changes."""
    packed = data[:2] == b"\x1f\x8b"
    text = (gzip.decompress(data) if packed else data).decode()
    for _ in range(rng.choice((1, 1, 2, 3))):
        text = _change(text, rng)
    encoding = rng.choice(ENCODINGS) if rng.random() < 0.1 else "utf-8"
    changed = text.encode(encoding, "replace")
    return gzip.compress(changed, 1, mtime=0) if packed and rng.random() < 0.95 else changed


def _change(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    row = rng.choice((0, 1, rng.randrange(len(lines)))) % len(lines)
    separator = next((s for s in ("\t", ",", " ") if s in lines[row]), ",")
    fields = lines[row].split(separator)
    kind = rng.random()
    if kind < 0.55:
        fields[rng.randrange(len(fields))] = rng.choice(FIELDS)
    elif kind < 0.65:
        fields.pop(rng.randrange(len(fields)))
    elif kind < 0.75:
        fields.insert(rng.randrange(len(fields) + 1), rng.choice(fields))
    elif kind < 0.85:
        lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    elif kind < 0.92:
        lines.pop(rng.randrange(len(lines)))
        return "\n".join(lines)
    else:
        return rng.choice((text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\n" * 3 + text))
    if row < len(lines):
        lines[row] = separator.join(fields)
    return "\n".join(lines)
