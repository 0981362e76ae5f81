"""The count of operations against torch's counter and the published figure."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from speed.flops import StepShape, step_flops
from speed.made_up import random_task


@pytest.mark.parametrize(("genes", "cells"), [(50, 30), (300, 20)])
def test_count_with_z_z_written_out_is_torchs_of_the_plain_step(genes, cells):
    """Forward and backward pass of a step on PyG, whose attention has no matrix products."""
    pytest.importorskip("torch_geometric")
    from speed.plain.musegnn import PlainMuSeGNN

    model = PlainMuSeGNN(random_task(2, genes, cells, 200))
    drawn = model.draw(0)
    with FlopCounterMode(display=False) as counter:
        model.loss(0, drawn).backward()
    private = min(100, round(0.4 * genes))
    want = step_flops(StepShape(genes, cells, private), factored=False)
    assert counter.get_total_flops() == want


def test_factoring_saves_what_torch_counts_less():
    """The first layer as z (W z)ᵀ against W on z zᵀ, both with gradients of z and W."""
    n, d = 60, 32
    w, z = torch.randn(n, n, requires_grad=True), torch.randn(n, d, requires_grad=True)
    counts = []
    for first_layer in (lambda: z @ (w @ z).T, lambda: (z @ z.T) @ w.T):
        with FlopCounterMode(display=False) as counter:
            first_layer().sum().backward()
        counts.append(counter.get_total_flops())
    shape = StepShape(n, 10, 5, d)
    saved = step_flops(shape, factored=False) - step_flops(shape, factored=True)
    assert counts[1] - counts[0] == saved


def test_a_thousand_genes_and_cells_take_23_gflop():
    """The figure the step is usually quoted with."""
    assert step_flops(StepShape(1000, 1000, 100), factored=False) == pytest.approx(23e9, rel=0.01)
