"""What separates the columns of a table of text, and what stands between separators."""

import csv
from math import isfinite

TAB, BLANKS = "\t", " "
SEPARATORS = (TAB, ",", ";")


def separator_of(first: str, second: str, preferred: str = TAB) -> str:
    """Return what separates the columns of a table, by its first two lines.

    Parameters
    ----------
    first
        The line of names, which R writes without one over the column of row names.
    second
        The line after it; the first again where there is no other.
    preferred
        The separator if several do, or none.
    """
    widths = {
        separator: len(split_line(first, separator))
        for separator in dict.fromkeys((preferred, *SEPARATORS))
        if _fits(first, second, separator)
    }
    if widths:
        return max(widths, key=lambda separator: widths[separator])
    return BLANKS if _fits(first, second, BLANKS) else preferred


def split_line(line: str, separator: str) -> list[str]:
    """Return the fields of a line; any number of blanks in a row separates as one.

    Between tabs, a quotation mark is one only around a whole field: names of genes have single
    ones (5", 3'), which must not swallow what follows.

    Raises
    ------
    ValueError
        If a field is longer than any real one.
    """
    if separator == TAB:
        return [unquoted(field) for field in line.split(TAB)]
    blanks = separator == BLANKS
    text = line.strip(BLANKS) if blanks else line
    try:
        return next(csv.reader([text], delimiter=separator, skipinitialspace=blanks), [])
    except csv.Error as error:
        raise ValueError(str(error)) from error


def unquoted(field: str) -> str:
    """Return a field without the quotation marks around it."""
    return field[1:-1] if len(field) > 1 and field[0] == field[-1] == '"' else field


def is_number(text: str) -> bool:
    """Return whether a field holds a finite number, as counts are written."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _fits(first: str, second: str, separator: str) -> bool:
    names, values = (len(split_line(line, separator)) for line in (first, second))
    return values > 1 and names in (values, values - 1)
