"""Packages that only the comparisons need."""

from importlib.util import find_spec

from genearena.data.errors import UsageError


def installed(package: str) -> bool:
    """Return whether a package can be imported."""
    return find_spec(package) is not None


def need_torch_geometric(part: str) -> None:
    """Raise UsageError unless torch_geometric, which a part compares with, is installed."""
    if not installed("torch_geometric"):
        raise UsageError(
            f"part '{part}' compares with torch-geometric, which is not installed; "
            "pip install torch-geometric"
        )
