"""Values that many runs share, kept once."""

import json
from typing import Any


class Pool:
    """A list of different JSON values in order of first use.

    Attributes
    ----------
    values
        The values so far.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        """Return the index of a value, adding it if it is new."""
        key = json.dumps(value, sort_keys=True)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]
