"""The type of a text in a stored file that tables and terminals show."""

from typing import Annotated

from pydantic import AfterValidator

from genearena.data.one_line import one_line

Line = Annotated[str, AfterValidator(one_line)]
"""Text on one line; what would steer a terminal is spelled out."""
