"""How far our model and the plain one are apart on the same weights and draws."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from speed.ours import Ours
from speed.plain.model import PlainModel
from speed.plain.musegnn import PlainMuSeGNN
from speed.plain.weights import plain_tensors


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a model gives: vectors, loss of a step, and gradients by the plain model's names."""

    vectors: Tensor
    loss: Tensor
    gradients: Mapping[str, Tensor]


def copy_weights(ours: Ours, plain: PlainModel) -> None:
    """Give the plain model our weights, and the neighbours we have drawn for MuSe-GNN."""
    plain.load_state_dict(plain_tensors(ours.method, ours.weights()))
    if isinstance(plain, PlainMuSeGNN):
        plain.neighbours = ours.neighbours()


def same_step(ours: Ours, plain: PlainModel, position: int) -> tuple[Numbers, Numbers]:
    """Return what either model gives for the same step; neither is trained by it."""
    drawn = ours.coming_draw(position)
    our_loss, plain_loss = ours.loss(position), plain.loss(position, drawn)
    for loss in (our_loss, plain_loss):
        torch.autograd.backward(loss)
    theirs = {n: w.grad for n, w in plain.named_parameters() if w.grad is not None}
    with torch.no_grad():
        vectors = ours.encode(position), plain.encode(position)
    mine = plain_tensors(ours.method, ours.gradients())
    return (
        Numbers(vectors[0], our_loss.detach(), mine),
        Numbers(vectors[1], plain_loss.detach(), theirs),
    )


def largest_difference(ours: Numbers, plain: Numbers) -> float:
    """Return the largest difference in vectors, loss or gradients.

    Each is relative to the largest entry of its kind; gradients of all parameters are one kind.
    """
    names = sorted(plain.gradients)
    kinds = (
        (ours.vectors, plain.vectors),
        (ours.loss, plain.loss),
        tuple(torch.cat([n.gradients[k].ravel() for k in names]) for n in (ours, plain)),
    )
    return max(float((mine - theirs).abs().max() / theirs.abs().max()) for mine, theirs in kinds)
