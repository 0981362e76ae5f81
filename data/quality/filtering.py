"""Quality control: which cells and genes of a donor are kept."""

import re

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import warn
from genearena.data.options import QualityControl
from genearena.data.reading.counts import CountMatrix

BoolArray = npt.NDArray[np.bool_]

MITOCHONDRIAL = re.compile(r"(?:.*_|[a-z]+\d+[a-z]*-+)?mt[-.:]", re.IGNORECASE)
"""``MT-ND1``, ``mt-Nd1``, R's ``MT.ND1``, the fly's ``mt:CO1``, also after a genome's name."""
NO_MITOCHONDRIAL = (
    "no gene is known for mitochondrial, so --max-pct-mt drops no cell; give symbols (MT-ND1) with "
    "--gene-names or --gene-key, or a column 'mt' of the genes that is true for these"
)


def mitochondrial_genes(names: tuple[str, ...]) -> BoolArray:
    """Return which gene symbols are those of the mitochondrial genome, see `MITOCHONDRIAL`."""
    return np.array([MITOCHONDRIAL.match(name) is not None for name in names], dtype=bool)


def control_quality(
    counts: CountMatrix,
    rules: QualityControl | None = None,
    *,
    mitochondrial: BoolArray | None = None,
) -> CountMatrix:
    """Keep the good cells, then the genes detected in enough of them but not mitochondrial.

    Which genes are mitochondrial (genes,) is told by their names by default. That more than half of
    the cells are dropped, or `rules` limit the share of mitochondrial counts while no gene is known
    for mitochondrial, is warned of.

    Raises
    ------
    DataError
        If fewer than `rules.min_donor_cells` cells or no genes are left.
    """
    rules = rules or QualityControl()
    mt = mitochondrial_genes(counts.genes) if mitochondrial is None else mitochondrial
    if rules.max_pct_mt is not None and not mt.any():
        warn(NO_MITOCHONDRIAL)
    good = _good_cells(counts.counts, rules, mt)
    _check_cells(counts, rules, good)
    kept = counts.select(cells=good)
    common = (kept.counts > 0).sum(axis=0) >= rules.min_cells
    kept = kept.select(genes=common & ~mt)
    if not kept.n_genes:
        raise DataError(
            f"'{counts.name}': none of {counts.n_genes} genes is detected in {rules.min_cells} "
            "or more cells; lower --min-cells"
        )
    return kept.select(cells=np.asarray(kept.counts.sum(axis=1)) > 0)


def _good_cells(counts: sparse.csr_array, rules: QualityControl, mt: BoolArray) -> BoolArray:
    detected = np.asarray((counts > 0).sum(axis=1))
    good = detected >= max(rules.min_genes, 1)
    if rules.max_genes is not None:
        good &= detected <= rules.max_genes
    if rules.max_pct_mt is not None:
        depth = np.maximum(np.asarray(counts.sum(axis=1)), 1)
        good &= 100 * np.asarray(counts[:, mt].sum(axis=1)) / depth <= rules.max_pct_mt
    return np.asarray(good, dtype=bool)


def _check_cells(counts: CountMatrix, rules: QualityControl, good: BoolArray) -> None:
    kept, total, want = int(good.sum()), counts.n_cells, rules.min_donor_cells
    if total < want:
        raise DataError(
            f"'{counts.name}' has {total} cells, want {want}; pool donors, or lower "
            "--min-donor-cells"
        )
    detected = np.asarray((counts.counts > 0).sum(axis=1))
    story = (
        f"'{counts.name}': {kept} of {total} cells pass quality control "
        f"(median {int(np.median(detected))} detected genes, --min-genes {rules.min_genes})"
    )
    if kept < want:
        cure = "relax --min-genes, --max-genes or --max-pct-mt, or lower --min-donor-cells"
        if np.median(detected) < rules.min_genes:
            cure = "lower --min-genes if only a panel of genes was measured"
        raise DataError(f"{story}, want {want}; {cure}")
    if kept < total / 2:
        warn(story)
