"""Lines for the terminal, in which nothing that a file says or is called steers it."""

import click

from genearena.data.common.one_line import one_line


def tell(text: object, *, err: bool = False) -> None:
    """Print a text as one line; control characters and line ends in it are spelled out.

    Parameters
    ----------
    text
        What to print: names of files and texts from them are safe in it.
    err
        Whether it goes to stderr, as warnings and progress do.
    """
    click.echo(one_line(str(text)), err=err)


def caution(line: str) -> None:
    """Print a line as a warning on stderr."""
    tell(f"Warning: {line}", err=True)
