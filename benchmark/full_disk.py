"""Tell a full disk from other errors."""

import errno


def is_full_disk(error: BaseException) -> bool:
    """Tell whether an error says that a disk, or one's share of it, is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    earlier = error.__cause__ or error.__context__
    return earlier is not None and is_full_disk(earlier)
