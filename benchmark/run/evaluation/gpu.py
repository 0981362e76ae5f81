"""The GPU of a worker: set-up, peak memory, and what it says when memory runs out."""

import os
import sys
from typing import Any

from genearena.benchmark.run.evaluation.execution import Execution
from genearena.data.common.full_disk import with_causes
from genearena.data.common.one_line import said


def prepare(execution: Execution) -> None:
    """Set this process up for the device of `execution`; nothing to do for the CPU."""
    if execution.device != "cuda" or not execution.deterministic:
        return
    # cuBLAS reads this when it starts; without it matrix products may differ between runs
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.use_deterministic_algorithms(True, warn_only=True)


def reset_gpu_peak() -> None:
    """Start a new stretch of work, giving back memory that nothing uses."""
    cuda = _cuda()
    if cuda is not None:
        cuda.empty_cache()
        cuda.reset_peak_memory_stats()


def gpu_peak_bytes() -> int | None:
    """Return the most GPU memory tensors took since `reset_gpu_peak`; None without a GPU."""
    cuda = _cuda()
    return None if cuda is None else int(cuda.max_memory_allocated())


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that the machine or its GPU ran out of memory."""
    # torch's CPU allocator has no class of its own, and a full GPU may break off a recording
    # with an error that only mentions the first in its context
    return any(
        isinstance(each, MemoryError)
        or type(each).__name__ == "OutOfMemoryError"
        or "can't allocate memory" in said(each)
        for each in with_causes(error)
    )


def gpu_broken() -> bool:
    """Tell whether an error has made the GPU unusable for the rest of this process's life."""
    cuda = _cuda()
    if cuda is None:
        return False
    try:
        cuda.synchronize()
    except RuntimeError:
        return True
    return False


def _cuda() -> Any:
    """Return torch.cuda if this process has used it; never the first to import torch."""
    torch = sys.modules.get("torch")
    return torch.cuda if torch is not None and torch.cuda.is_initialized() else None
