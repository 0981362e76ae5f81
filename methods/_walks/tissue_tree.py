"""The tree root -> group -> graph along which GIANT couples the vectors of one gene."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import FloatArray

BoolArray = npt.NDArray[np.bool_]


def parent_vectors(leaves: FloatArray, present: BoolArray, groups: Sequence[str]) -> FloatArray:
    """Return each gene's vector at the group above each graph.

    An inner node's vector of a gene is the mean over the node's parent, if it has one, and its
    children that know the gene (OhmNet, Zitnik & Leskovec 2017). For two inner levels these
    equations are solved at once: with S_t the sum and c_t the number of the vectors below group t,
    group t is (S_t + root) / (c_t + 1), and the root is the mean of its k groups,
    root = Σ S_t / (c_t + 1) / (k - Σ 1 / (c_t + 1)).

    Parameters
    ----------
    leaves
        (N, genes, dim) vectors of the genes in the graphs, zero for absent genes.
    present
        (N, genes) whether a graph has a gene.
    groups
        Group of each of the N graphs.

    Returns
    -------
    (N, genes, dim) vectors; those of genes a graph does not have are meaningless.
    """
    names = list(dict.fromkeys(groups))
    group_of = np.array([names.index(group) for group in groups])
    member = (group_of == np.arange(len(names))[:, None]).astype(np.float64)
    total = np.tensordot(member, leaves, axes=1)
    count = (member @ present)[:, :, None]
    knows = count > 0
    open_share = knows / (count + 1)
    free = knows.sum(axis=0) - open_share.sum(axis=0)
    root = (total * open_share).sum(axis=0) / np.where(free > 0, free, 1)
    parents: FloatArray = ((total + root) / (count + 1))[group_of].astype(np.float32)
    return parents
