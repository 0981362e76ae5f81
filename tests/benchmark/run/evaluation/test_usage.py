"""A stretch of work begins with the memory in use, not with what was used before."""

import platform
import subprocess
import sys

import pytest

MB = 10**6
SCRIPT = """\
from genearena.benchmark.run.evaluation.usage import peak_bytes, reset_peak, resident_bytes
blocks = [bytes(1000) for _ in range(150_000)]
last = bytes(1000)  # at the end of the heap, which therefore cannot shrink by itself
full = resident_bytes()
del blocks
freed = resident_bytes()
reset_peak()
print(full, freed, resident_bytes(), peak_bytes())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others cannot be told to")
def test_freed_memory_is_given_back_before_a_stretch():
    """150 MB in small blocks are gone from base and peak."""
    said = subprocess.check_output([sys.executable, "-c", SCRIPT], text=True)
    full, freed, base, peak = map(int, said.split())
    assert full - freed < 40 * MB  # the control: without the call they stay
    assert full - base > 120 * MB
    assert peak - base < 5 * MB
