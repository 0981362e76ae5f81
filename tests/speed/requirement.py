"""Packages that only the comparisons need."""

from importlib.util import find_spec


def installed(package: str) -> bool:
    """Return whether a package can be imported."""
    return find_spec(package) is not None
