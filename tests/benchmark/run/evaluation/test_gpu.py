"""What the suite makes of errors of memory, without a GPU."""

import pytest
from odd_methods import OutOfMemoryError

from genearena.benchmark.run.evaluation.usage import (
    gpu_peak_bytes,
    is_out_of_memory,
    reset_gpu_peak,
)


def _behind(first, second):
    second.__context__ = first
    return second


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
        _behind(OutOfMemoryError("CUDA out of memory"), RuntimeError("capture failed")),
    ],
)
def test_lack_of_memory_is_recognised(error):
    """On the CPU, on a GPU, and behind the error of a broken-off recording."""
    assert is_out_of_memory(error)


@pytest.mark.parametrize("error", [ValueError("no memory of it"), RuntimeError("diverged")])
def test_other_errors_are_not_lack_of_memory(error):
    """A method's own failure stays one."""
    assert not is_out_of_memory(error)


def test_without_a_gpu_there_is_no_peak():
    """Nothing is measured and nothing breaks."""
    reset_gpu_peak()
    assert gpu_peak_bytes() is None
