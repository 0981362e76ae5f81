"""Find a matrix and the files that name its rows and columns, however a folder calls them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from genearena.data.common.errors import DataError

MATRIX = (".mtx", ".mtx.gz")
TEXT = (".tsv", ".txt", ".csv", ".bed")
ATLAS = {".mtx_rows": "features", ".mtx_cols": "barcodes"}
"""How the Single Cell Expression Atlas calls the names of rows and columns."""
ROLES = {"barcode": "barcodes", "feature": "features", "gene": "features", "peak": "features"}
SHOWN = 4

_WORD = re.compile(r"(?<![a-z])(barcode|feature|gene|peak|matrix|count)s?(?![a-z])")


class Trio(NamedTuple):
    """The files of one matrix."""

    matrix: Path
    barcodes: Path
    features: Path


def is_matrix(path: Path) -> bool:
    """Return whether a file is a Matrix Market file by its name."""
    return path.name.lower().endswith(MATRIX)


def find_trio(path: Path) -> Trio:
    """Find the matrix of a folder, or that of the given file, and what names its sides.

    Barcodes and features have that word, or ``genes`` or ``peaks``, in their names, or end as the
    Single Cell Expression Atlas has them; of several, those are taken that are called as the
    matrix but for these words, and packed as it if that is the only difference.

    None of a kind, or several that may be meant, raise DataError.
    """
    folder = path if path.is_dir() else path.parent
    files = sorted(file for file in folder.iterdir() if file.is_file())
    matrix = path if path.is_file() else _matrix(folder, files)
    barcodes, features = (_partner(matrix, files, role) for role in ("barcodes", "features"))
    return Trio(matrix, barcodes, features)


def beside(file: Path, word: str) -> Path | None:
    """Return the file that is called as another with one more word before the suffix, if any."""
    stem, suffix = _stem(file)
    own = stem + "." + word
    return next((f for f in sorted(file.parent.iterdir()) if _stem(f) == (own, suffix)), None)


def _matrix(folder: Path, files: Sequence[Path]) -> Path:
    every = [file for file in files if is_matrix(file)]
    found = [file for file in every if _stem(file)[0].endswith("matrix")] or every
    if len(found) > 1:
        raise DataError(f"it has {len(found)} matrices, {_listed(found)}; give one of these files")
    if not found:
        inner = {file.parent for file in sorted(folder.glob("*/*")) if is_matrix(file)}
        other = [file for file in files if file.suffix in (".h5", ".h5ad", ".loom")]
        instead = [*sorted(inner), *other]
        raise DataError(
            "it has no matrix.mtx[.gz] or other .mtx file"
            + (f"; give one of {_listed(instead)} in it" if instead else "")
        )
    return found[0]


def _partner(matrix: Path, files: Sequence[Path], role: str) -> Path:
    known = [file for file in files if _role(file) == role]
    same = [file for file in known if _key(file) == _key(matrix)]
    foreign = {_key(file) for file in files if is_matrix(file)} - {""}
    found = same or [file for file in known if _key(file) not in foreign]
    if len(found) > 1:
        packed = matrix.suffix == ".gz"
        found = [file for file in found if (file.suffix == ".gz") == packed] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise DataError(
            f"{_listed(found)} may all be the {role} of {matrix.name}; leave one in the folder, "
            "called as the matrix"
        )
    want = "barcodes.tsv[.gz]" if role == "barcodes" else "features.tsv, genes.tsv or peaks.bed"
    raise DataError(f"the {role} of {matrix.name} are missing ({want} or the like)")


def _role(file: Path) -> str | None:
    stem, suffix = _stem(file)
    if suffix in ATLAS:
        return ATLAS[suffix]
    words = [word for word in _WORD.findall(stem) if word in ROLES]
    return ROLES[words[-1]] if words and suffix in TEXT else None


def _key(file: Path) -> str:
    """Return what files of one matrix have in common, such as the name of a sample."""
    return re.sub(r"[^a-z0-9]+", " ", _WORD.sub(" ", _stem(file)[0])).strip()


def _stem(file: Path) -> tuple[str, str]:
    """Return the name and the suffix in lower case, without ``.gz``."""
    name = file.name.lower().removesuffix(".gz")
    stem, dot, suffix = name.rpartition(".")
    return stem, dot + suffix


def _listed(files: Sequence[Path]) -> str:
    names = ", ".join(file.name for file in files[:SHOWN])
    return names + (", …" if len(files) > SHOWN else "")
