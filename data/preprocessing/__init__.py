"""From counts to profiles and edges."""

from genearena.data.preprocessing.cscore import cscore
from genearena.data.preprocessing.sctransform import sctransform
from genearena.data.preprocessing.sparkx import sparkx

__all__ = ["cscore", "sctransform", "sparkx"]
