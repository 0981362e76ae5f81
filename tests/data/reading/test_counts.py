"""Counts keep what belongs to their cells and genes together."""

from dataclasses import replace

import numpy as np
import pytest
from simulated import simulated_counts

from genearena.data.common.errors import DataError
from genearena.data.options import QualityControl
from genearena.data.quality.filtering import control_quality


@pytest.fixture
def section(make_counts):
    """Counts of eighty spots, spot i at (i, -i)."""
    places = np.column_stack([np.arange(80), -np.arange(80)])
    return replace(make_counts(), modality="spatial", coordinates=places)


def test_selected_cells_keep_their_places(section):
    """Positions and masks of cells select coordinates alike; genes leave them alone."""
    some = section.select(cells=np.array([7, 2]), genes=np.array([1, 0]))
    np.testing.assert_array_equal(some.coordinates, [[7, -7], [2, -2]])
    np.testing.assert_array_equal(
        some.counts.toarray(), section.counts.toarray()[[7, 2]][:, [1, 0]]
    )
    assert some.genes == ("G01", "G00")
    masked = section.select(cells=np.arange(80) < 3)
    np.testing.assert_array_equal(masked.coordinates[:, 0], [0, 1, 2])
    assert section.select(genes=np.array([5])).coordinates.shape == (80, 2)


def test_cells_without_places_stay_without(make_counts):
    """Counts of dissociated cells have no coordinates, also after selection."""
    assert make_counts().select(cells=np.array([1])).coordinates is None


def test_quality_control_keeps_the_places_of_good_spots(section):
    """Spots that are dropped take their places with them."""
    drawn = section.counts.toarray()
    drawn[[0, 10]] = 0
    kept = control_quality(replace(section, counts=drawn), QualityControl(min_genes=1))
    np.testing.assert_array_equal(kept.coordinates[:, 0], np.delete(np.arange(80), [0, 10]))


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (np.zeros((79, 2)), r"counts 'd1': coordinates have shape \(79, 2\), want \(80, 2\)"),
        (np.zeros((80, 3)), r"shape \(80, 3\), want \(80, 2\)"),
        (np.full((80, 2), np.nan), r"80 of 80 spots are not finite.*position 0 \(nan, nan\)"),
        (np.full((80, 2), "left"), "want .* numbers"),
    ],
)
def test_coordinates_that_are_not_places_are_refused(places, words, make_counts):
    """Wrong lengths, NaN and text are named with the sample."""
    with pytest.raises(DataError, match=words):
        replace(make_counts(), coordinates=places)


def test_simulated_sections_have_places_and_cells_have_none():
    """Only the spatial sample of a tissue comes with coordinates, one place a spot."""
    samples = simulated_counts("heart", donors=1, genes=20, cells=60)
    for sample in samples:
        assert (sample.coordinates is not None) == (sample.modality == "spatial")
    (spatial,) = (sample for sample in samples if sample.modality == "spatial")
    assert len(np.unique(spatial.coordinates, axis=0)) == spatial.n_cells
