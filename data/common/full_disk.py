"""Tell a full disk from other errors."""

import errno
from collections.abc import Iterator


def is_full_disk(error: BaseException) -> bool:
    """Tell whether an error says that a disk, or one's share of it, is full."""
    full = (errno.ENOSPC, errno.EDQUOT)
    return any(isinstance(each, OSError) and each.errno in full for each in with_causes(error))


def with_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it came from, each once: a plugin may let it come from itself."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__
