"""exp of float32 numbers that are not positive, for compiled kernels."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numpy as np

from genearena.data.common.compiled import compiled
from genearena.methods._nn.kernels.features import two_to_the

_F = np.float32
_LOG2_E = _F(math.log2(math.e))
# Taylor series of 2**r; for |r| <= 1/2 it is exact to 2e-7
_C1, _C2, _C3, _C4, _C5, _C6 = (_F(math.log(2) ** k / math.factorial(k)) for k in range(1, 7))


@compiled
def exponential(x):
    """Return exp(x) = 2**k · 2**r of x <= 0, k whole, |r| <= 1/2; NaN of NaN.

    Loops over it become vector instructions, as they do not with numpy's.
    """
    lowest = _F(-126)
    y = x * _LOG2_E
    y = lowest if y < lowest else y
    k = np.floor(y + _F(0.5))
    r = y - k
    series = _F(1) + r * (_C1 + r * (_C2 + r * (_C3 + r * (_C4 + r * (_C5 + r * _C6)))))
    # r is NaN where x is; the exponent must be a number all the same
    return series * two_to_the(k if k >= lowest else lowest)
