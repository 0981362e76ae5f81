"""Data frames from Python held against what commands print as csv."""

import io

import numpy as np
import pandas as pd


def frame_of(text):
    """Return the frame of a csv, numbers to the last digit."""
    return pd.read_csv(io.StringIO(text), float_precision="round_trip")


def same(mine, want):
    """Assert that a table is that of a csv, where no text is nothing."""
    plain = mine.astype(object).where(mine.astype(object) != "", np.nan)
    pd.testing.assert_frame_equal(plain.astype(want.dtypes), want)
