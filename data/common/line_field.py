"""The types of texts in stored files that tables and terminals show."""

from typing import Annotated

from pydantic import AfterValidator

from genearena.data.common.one_line import every_line, one_line

Line = Annotated[str, AfterValidator(one_line)]
"""Text on one line; what would steer a terminal is spelled out."""

Lines = Annotated[str, AfterValidator(every_line)]
"""The same on several lines."""
