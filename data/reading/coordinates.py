"""Where spots lie in a section."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def as_coordinates(values: npt.ArrayLike) -> Array:
    """Return coordinates as an array of floats, of no spots where they are not numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.empty(0)


def coordinate_problem(coordinates: Array, spots: int) -> str:
    """Say in a few words why these are not the (spots, 2) places of `spots` spots, or nothing."""
    if coordinates.shape != (spots, 2):
        solid = "; add each flat section by itself, with x and y alone"
        return (
            f"coordinates have shape {coordinates.shape}, want ({spots}, 2) numbers"
            f"{solid if coordinates.shape == (spots, 3) else ''}"
        )
    wrong = np.flatnonzero(~np.isfinite(coordinates).all(axis=1))
    if len(wrong):
        place = ", ".join(f"{value:g}" for value in coordinates[wrong[0]])
        return (
            f"coordinates of {len(wrong)} of {spots} spots are not finite, the first at position "
            f"{wrong[0]} ({place}); leave these spots out"
        )
    return ""
