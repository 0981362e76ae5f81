"""Damage to files as strings of bytes: flips, cuts, splices, and numbers that mean trouble."""

import random
import struct

LENGTHS = (0, 1, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1)


def damage_bytes(data: bytes, rng: random.Random) -> bytes:
    """Return `data` with one to four wounds."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(WOUNDS)(data, rng)
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[_place(changed, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    new = rng.randbytes(rng.choice((1, 2, 4, 8, 32)))
    return data[:place] + new + data[place + len(new) :]


def _number(data: bytes, rng: random.Random) -> bytes:
    width, code = rng.choice(((1, "B"), (2, "H"), (4, "I"), (8, "Q")))
    number = rng.choice(LENGTHS) & (2 ** (8 * width) - 1)
    place = _place(data, rng)
    return data[:place] + struct.pack(f"<{code}", number) + data[place + width :]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: _place(data, rng)]


def _remove(data: bytes, rng: random.Random) -> bytes:
    place = _place(data, rng)
    return data[:place] + data[place + rng.choice((1, 2, 8, 100, 1000)) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start, place = _place(data, rng), _place(data, rng)
    part = data[start : start + rng.choice((1, 8, 100, 1000))]
    return data[:place] + part * rng.choice((1, 2, 50)) + data[place:]


def _zero(data: bytes, rng: random.Random) -> bytes:
    place, n = _place(data, rng), rng.choice((4, 16, 64, 512))
    return data[:place] + bytes(n) + data[place + n :]


def _place(data: bytes | bytearray, rng: random.Random) -> int:
    # half of the wounds in the head, where formats say what the rest is
    most = min(len(data), 600) if rng.random() < 0.5 else len(data)
    return rng.randrange(most) if most else 0


WOUNDS = (_flip, _flip, _overwrite, _number, _number, _cut, _remove, _repeat, _zero)
