"""Area under the ROC curve."""

import numpy as np
import numpy.typing as npt


def roc_auc(positives: npt.NDArray[np.floating], negatives: npt.NDArray[np.floating]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half.

    Parameters
    ----------
    positives, negatives
        (p,) and (q,) scores, neither empty.
    """
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left").sum()
    up_to = np.searchsorted(ordered, positives, side="right").sum()
    return float((below + up_to) / (2 * positives.size * negatives.size))
