"""The stored data of a task as bytes, which travel to a machine once and are stored there."""

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from genearena.data.common.errors import StoreError
from genearena.data.store import Store
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class Luggage:
    """The files of a task's data sets, named by their places in the data folder."""

    task: TaskCard
    files: dict[str, bytes]


def pack(task: TaskCard) -> Luggage:
    """Read the stored files of a task.

    Raises
    ------
    StoreError
        If one cannot be read.
    """
    store = Store(task.folder)
    files = {}
    for source in task.source.split("+"):
        for path in store.files(store.card(task.tissue, source)):
            try:
                files[path.as_posix()] = (store.folder / path).read_bytes()
            except OSError as error:
                raise StoreError(f"cannot read {store.folder / path}: {error.strerror}") from error
    return Luggage(task, files)


def unpack(luggage: Luggage, folder: Path) -> TaskCard:
    """Store the files below `folder` unless they are there, and return the task found there.

    The place is named by the data's fingerprint, so that one data set is stored once however
    many runs and clients need it.

    Raises
    ------
    StoreError
        If `folder` cannot be written to.
    """
    place = folder / luggage.task.fingerprint
    if not place.is_dir():
        try:
            _fill(luggage, place)
        except OSError as error:
            raise StoreError(f"cannot write to {folder}: {error.strerror}; free space") from error
    return replace(luggage.task, folder=place)


def _fill(luggage: Luggage, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as temporary:
        whole = Path(temporary) / "whole"
        for name, content in luggage.files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            os.rename(whole, place)
        except OSError:
            if not place.is_dir():  # else another run on this machine was faster
                raise
