"""What a user is told of data while they are read and built: a line each."""

import warnings


class DataWarning(UserWarning):
    """Something about the data that a user should know, in one line."""


class DataNote(UserWarning):
    """What was done to the data on the way, in one line."""


def warn(message: str) -> None:
    """Tell what a user should know, as a `DataWarning`."""
    warnings.warn(message, DataWarning, stacklevel=3)


def note(message: str) -> None:
    """Tell what was done to the data, as a `DataNote`."""
    warnings.warn(message, DataNote, stacklevel=3)
