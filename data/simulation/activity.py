"""How active every programme is in every cell: cell types, and smooth fields over a section."""

import numpy as np

from genearena.data.simulation.departures import SampleModel
from genearena.data.simulation.pool import Array

FIELD_STRENGTH = 1.1
"""Standard deviation of a programme's spatial field."""
N_WAVES = 6


def activity_by_type(model: SampleModel, cells: int, rng: np.random.Generator) -> Array:
    """Return the (1, cells, programmes) mean activity of cells whose types are drawn at random."""
    types = rng.choice(model.proportions.size, cells, p=model.proportions)
    return model.markers[types][None]


def spot_grid(spots: int) -> Array:
    """Return (spots, 2) coordinates of an offset-row grid with unit spacing."""
    width = int(np.ceil(np.sqrt(spots)))
    row, column = np.divmod(np.arange(spots), width)
    return np.stack([column + 0.5 * (row % 2), row * np.sqrt(0.75)], axis=1)


def activity_by_place(
    model: SampleModel, coordinates: Array, members: int, rng: np.random.Generator
) -> Array:
    """Return the mean activity of the cells under every spot of a section.

    Parameters
    ----------
    model
        The sample.
    coordinates
        (spots, 2) places.
    members
        Cells under a spot.
    rng
        Source of randomness.

    Returns
    -------
    (members, spots, programmes): the markers of each cell's type, drawn by regional type
    composition, plus a smooth field per programme.
    """
    place = coordinates / max(float(np.ptp(coordinates)), 1.0)
    taste = np.log(model.proportions) + 1.5 * _fields(place, model.proportions.size, rng)
    gumbel = rng.gumbel(size=(members, *taste.shape))
    types = np.argmax(taste + gumbel, axis=2)
    field = FIELD_STRENGTH * _fields(place, model.markers.shape[1], rng)
    activity: Array = model.markers[types] + field
    return activity


def _fields(place: Array, count: int, rng: np.random.Generator) -> Array:
    wave = rng.normal(0.0, 6.0, (count, N_WAVES, 2))
    phase = rng.uniform(0.0, 2 * np.pi, (count, N_WAVES))
    angle = np.einsum("sd,kwd->skw", place, wave) + phase
    return np.asarray(np.sqrt(2 / N_WAVES) * np.cos(angle).sum(axis=2))
