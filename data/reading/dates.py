"""Notice the dates and numbers that spreadsheets make of names of genes."""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from genearena.data.notes import DataWarning

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
DATES = re.compile(
    rf"\d{{1,4}}[-/. ](?:{MONTHS})(?:[-/. ]\d{{2,4}})?|(?:{MONTHS})[-/. ]\d{{1,4}}|"
    r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?|\d{1,2}/\d{1,2}/\d{2,4}|\d+(?:\.\d+)?E\+\d+",
    re.IGNORECASE,
)


def check_not_dates(path: Path, genes: Sequence[str]) -> None:
    """Say which names of genes a spreadsheet has changed: MARCH1 to 1-Mar, 2310009E13 to 2.31E+19.

    Warns
    -----
    DataWarning
        If a name is a date or a number with an exponent.
    """
    changed = [gene for gene in genes if DATES.fullmatch(gene)]
    if changed:
        shown = ", ".join(f"'{gene}'" for gene in changed[:3]) + ", …" * (len(changed) > 3)
        message = (
            f"'{path.name}': genes have names that Excel makes of others ({len(changed)}: {shown}),"
            " so they match no other data; give them their names again (1-Mar may be MARCHF1)"
        )
        warnings.warn(message, DataWarning, stacklevel=3)
