"""The tree root -> group -> graph along which GIANT couples the vectors of one gene."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import FloatArray

BoolArray = npt.NDArray[np.bool_]


class TissueTree:
    """Vectors of every gene at the root and at the groups, following those at the leaves.

    An inner node's vector of a gene is the mean over the node's children that have the gene and
    the node's parent (OhmNet, Zitnik & Leskovec 2017).

    Parameters
    ----------
    groups
        Group of each of the N leaves.
    present
        (N, genes) whether a leaf has a gene.
    """

    def __init__(self, groups: Sequence[str], present: BoolArray) -> None:
        names = sorted(set(groups))
        self.leaf_group = np.array([names.index(group) for group in groups])
        self.present = present
        # (groups, leaves): which leaves hang on which group
        self.member = self.leaf_group == np.arange(len(names))[:, None]
        self.root: FloatArray | None = None

    def parents(self, leaves: FloatArray) -> FloatArray:
        """Update groups, then root, from the leaves, and return each leaf's parent.

        Parameters
        ----------
        leaves
            (N, genes, dim) vectors; those of absent genes are not read.

        Returns
        -------
        (N, genes, dim) vectors of the group above each leaf.
        """
        member = self.member.astype(np.float32)
        count = member @ self.present.astype(np.float32)
        total = np.einsum("tn,ng,ngd->tgd", member, self.present, leaves)
        if self.root is not None:
            total, count = total + self.root, count + 1
        groups = total / np.maximum(count, 1)[:, :, None]
        # a group none of whose graphs has the gene knows nothing of it
        knows = (self.member @ self.present)[:, :, None]
        self.root = (groups * knows).sum(axis=0) / np.maximum(knows.sum(axis=0), 1)
        parents: FloatArray = groups[self.leaf_group].astype(np.float32)
        return parents
