"""Floating-point operations of the matrix products in one MuSe-GNN step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepShape:
    """What the count depends on; both graphs of the step are of one size.

    Parameters
    ----------
    genes, cells
        Of either graph.
    private
        Private genes drawn from either graph.
    dim
        Length of a gene vector.
    heads
        Attention heads of L1 and L2.
    """

    genes: int
    cells: int
    private: int
    dim: int = 32
    heads: tuple[int, int] = (4, 2)


def step_flops(shape: StepShape, *, factored: bool) -> int:
    """Count the products of forward and backward pass, two operations per multiply-add.

    Linear maps, decoder and contrast count. Attention along the edges, whose operations depend on
    how it is done, and everything elementwise do not.

    Parameters
    ----------
    shape
        Sizes.
    factored
        Whether the first decoder layer is evaluated as z (W z)ᵀ, or with z zᵀ written out.
    """
    return 2 * _encoder(shape) + _decoder(shape, factored=factored) + _contrast(shape)


def _encoder(shape: StepShape) -> int:
    n, d = shape.genes, shape.dim
    one, two = shape.heads
    # query, key, value and root; no gradient goes back to the profiles
    first = 2 * _product(n, shape.cells, 4 * one * d)
    second_and_fourth = 3 * _product(n, one * d, 4 * (two + 1) * d)
    third = 3 * _product(n, two * d, 4 * d)
    return first + second_and_fourth + third


def _decoder(shape: StepShape, *, factored: bool) -> int:
    n, d = shape.genes, shape.dim
    other_layers = 2 * 3 * _product(n, n, n)
    if factored:
        return other_layers + 2 * 3 * _product(n, d, n)
    return other_layers + 3 * _product(n, n, n) + 3 * _product(n, d, n)


def _contrast(shape: StepShape) -> int:
    vectors = 4 * shape.private
    return 3 * _product(vectors, shape.dim, vectors)


def _product(rows: int, inner: int, columns: int) -> int:
    return 2 * rows * inner * columns
