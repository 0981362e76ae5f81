"""Write files whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from genearena.data.common.errors import StoreError
from genearena.data.common.one_line import first_line

NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What file systems answer that cannot give a file a second name."""


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then move it there in one step.

    Raises
    ------
    StoreError
        If the folder cannot be written to or the disk is full; `path` is then as it was.
    """
    with staged(path, write) as temporary:
        temporary.replace(path)


@contextmanager
def staged(path: Path, write: Callable[[Path], object]) -> Iterator[Path]:
    """Let `write` fill a temporary file beside `path`, to be moved there inside the context.

    The content is on the disk, not in a cache, when the context begins: a file moved into place
    is whole even after a loss of power. Whatever is not moved is removed.

    Raises
    ------
    StoreError
        If anything in or before the context cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        temporary.chmod(0o644)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        yield temporary
    except StoreError:
        raise
    except OSError as error:
        reason = error.strerror or first_line(error)
        raise StoreError(
            f"cannot write {path}: {reason}; free space or choose another folder"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def move_if_new(temporary: Path, path: Path) -> bool:
    """Move a file to a name that is not taken, and return whether it was not.

    Of several processes that try at once one succeeds; where there are no hard links the last
    one does.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        if path.exists():
            return False
        temporary.replace(path)
    return True


def give_name(path: Path, name: Path) -> None:
    """Give a file a second name, in place of what had it; a copy where there are no hard links.

    Raises
    ------
    StoreError
        If it cannot be given.
    """
    try:
        name.unlink(missing_ok=True)
        os.link(path, name)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise StoreError(f"cannot name {path} {name.name}: {error.strerror}") from error
        write_atomically(name, lambda temporary: shutil.copyfile(path, temporary))
