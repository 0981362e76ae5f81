"""A recorder that does on the CPU what a CUDA graph does: repeat operations on fixed memory."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

FORBIDDEN = {
    "_local_scalar_dense": "the host waits for a number",
    "index": "an index may come from the host",
    "nonzero": "a shape depends on values",
    "lift_fresh": "data come from the host",
    "rand": "random numbers are drawn",
    "randn": "random numbers are drawn",
    "randint": "random numbers are drawn",
    "randperm": "random numbers are drawn",
}


def tensors_in(tree):
    """Return the tensors among the leaves of nested arguments."""
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


class Operations(TorchDispatchMode):
    """Keeps every operation done inside the block, with its arguments and results."""

    def __init__(self):
        super().__init__()
        self.done = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function._schema.name.removeprefix("aten::")
        if name in FORBIDDEN:
            raise AssertionError(f"a recorded step calls {name}: {FORBIDDEN[name]}")
        out = function(*args, **(kwargs or {}))
        self.done.append((function, args, kwargs or {}, out))
        return out

    def repeat(self):
        """Do the operations again, in order, on the same memory."""
        with torch.no_grad():
            for function, args, kwargs, out in self.done:
                inputs = {t.untyped_storage().data_ptr() for t in tensors_in((args, kwargs))}
                kept = tensors_in(out)
                if kept and function.is_view:
                    continue
                fresh = tensors_in(function(*args, **kwargs))
                for old, new in zip(kept, fresh, strict=True):
                    if old.untyped_storage().data_ptr() not in inputs:
                        old.detach().copy_(new)


class TapeRecorder:
    """Records the operations of a step; Python code is not run again when it is repeated.

    Parameters
    ----------
    batch, optimizer
        Whose numbers are put back after recording, which must not count as a step.
    """

    def __init__(self, batch, optimizer):
        self.batch = batch
        self.optimizer = optimizer
        self.recorded = 0
        self.repeated = 0

    def record(self, work):
        kept = [(tensor, tensor.detach().clone()) for tensor in self._lasting()]
        tape = Operations()
        with tape:
            work()
        with torch.no_grad():
            for tensor, before in kept:
                tensor.copy_(before)
        self.recorded += 1
        return lambda: self._repeat(tape)

    def _repeat(self, tape):
        self.repeated += 1
        tape.repeat()

    def _lasting(self):
        weights = [p for network in self.batch.networks for p in network.parameters()]
        return weights + [t for state in self.optimizer.state.values() for t in state.values()]
