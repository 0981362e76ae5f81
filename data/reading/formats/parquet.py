"""Read a small table of Parquet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.reading.declared_size import check_declared

VALUE_BYTES = 8


def read_parquet(path: Path, columns: Sequence[str]) -> Any:
    """Return some columns of a file as a data frame.

    Raises
    ------
    DataError
        If pyarrow is not installed, or the file declares more than it can hold.
    ValueError
        If a column is missing or the file is damaged.
    """
    try:
        from pyarrow.parquet import ParquetFile, read_schema
    except ImportError as error:
        raise DataError(
            f"{path.name} needs pyarrow; install it with: pip install 'genearena[parquet]'"
        ) from error
    has = read_schema(path).names
    if not set(columns) <= set(has):
        raise ValueError(f"{path.name} has columns {', '.join(has)}, want {', '.join(columns)}")
    # repeated texts stay stored once, however many rows have them
    with ParquetFile(path, read_dictionary=list(columns)) as file:
        n_bytes = file.metadata.num_rows * len(columns) * VALUE_BYTES
        check_declared(n_bytes, path.stat().st_size)
        return file.read(columns=list(columns), use_threads=False).to_pandas()
