"""Damage to npz files that are sound archives: headers that lie, objects, names twice."""

import io
import pickle
import random
import struct
import zipfile

DTYPES = (
    "'<f4'", "'<i8'", "'|O'", "'<U100000000'", "'|V2000000000'", "'<U0'", "'<c16'", "'<M8[s]'",
    "[('a', '<i4'), ('b', '|O')]", "('<i4', (1000000,))", "'>f8'", "'|b1'", "'|S8'",
)  # fmt: skip
SHAPES = (
    "()", "(0,)", "(-1,)", "(-1, -8)", "(1000000000000,)", "(2**70,)", "(3, 0)", "(2,) * 40",
    "(1,)", "(5, 5)", "(1180591620717411303424,)",
)  # fmt: skip
NAMES = ("../../up.npy", "/nonexistent/x.npy", "x.npy", "vectors.npy", "", "data.npy", "a\x00b.npy")


def damage_npz(data: bytes, rng: random.Random) -> bytes:
    """Return an npz file with one or two of its arrays or its directory changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(rng.choice((1, 1, 2))):
        parts = _change(parts, rng)
    return _pack(parts, rng)


def _change(parts: list[tuple[str, bytes]], rng: random.Random) -> list[tuple[str, bytes]]:
    place = rng.randrange(len(parts)) if parts else 0
    if not parts:
        return parts
    name, body = parts[place]
    kind = rng.random()
    changed = list(parts)
    if kind < 0.6:
        changed[place] = (name, _header(body, rng))
    elif kind < 0.7:
        changed.append((name, rng.choice(parts)[1]))
    elif kind < 0.8:
        changed[place] = (rng.choice(NAMES), body)
    elif kind < 0.9:
        changed.pop(place)
    elif kind < 0.95:
        changed[place] = (name, pickle.dumps({"a": 1}))
    else:
        changed[place] = (name, rng.choice(parts)[1])
    return changed


def _header(body: bytes, rng: random.Random) -> bytes:
    if body[:6] != b"\x93NUMPY":
        return body
    (length,) = struct.unpack("<H", body[8:10])
    text, rest = body[10 : 10 + length].decode("latin-1"), body[10 + length :]
    kind = rng.random()
    if kind < 0.4:
        text = _swap(text, "'descr': ", ", 'fortran", rng.choice(DTYPES))
    elif kind < 0.8:
        text = _swap(text, "'shape': ", ", }", rng.choice(SHAPES))
    elif kind < 0.85:
        text = text.replace("False", "True")
    elif kind < 0.9:
        text = "__import__('os').system('true')"
    elif kind < 0.95:
        text = "(" * 200
    version = rng.choice((b"\x01\x00",) * 6 + (b"\x02\x00", b"\x03\x00", b"\xff\xff"))
    encoded = text.encode("latin-1")
    size = struct.pack("<H" if version == b"\x01\x00" else "<I", len(encoded))
    return body[:6] + version + size + encoded + rest


def _swap(text: str, before: str, after: str, new: str) -> str:
    start = text.find(before) + len(before)
    end = text.find(after, start)
    return text[:start] + new + text[end:]


def _pack(parts: list[tuple[str, bytes]], rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(buffer, "w", rng.choice(kinds)) as archive:
        for name, body in parts:
            archive.writestr(zipfile.ZipInfo(name or "x"), body)
        if archive.infolist() and rng.random() < 0.15:  # the directory, written last, lies
            liar = rng.choice(archive.infolist())
            liar.file_size = rng.choice((0, 1, 2**20, 2**31, 2**40))
        if archive.infolist() and rng.random() < 0.1:
            rng.choice(archive.infolist()).CRC ^= 1
    return buffer.getvalue()
