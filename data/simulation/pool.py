"""The gene pool of a simulated tissue: which gene is in which programme, and which type uses it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genearena.data.cards.tissues import TissueSpec
from genearena.data.graphs import IntArray
from genearena.data.simulation.streams import stream

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CORE_SHARE = 0.66
"""Programme genes every sample expresses, per gene that a graph keeps."""
ACCESSORY_SHARE = 1.0
"""Programme genes only some samples express, per gene that a graph keeps."""
NOISY_SHARE = 0.12
"""Variable genes outside every programme, per gene that a graph keeps."""
ORDINARY_SHARE = 1.5
"""Steady genes as highly expressed as those of programmes, per gene that a graph keeps: scTransform
learns how much genes of a level vary from the genes of that level, so most must be steady."""
HOUSEKEEPING = 120
"""Steady genes that take most of a cell's counts, as ribosomal genes do."""
VARIABLE_SHARE = 0.3
"""Most that variable genes take of the counts: a cell's counts are shares of its depth, so where
programmes dominate them even independent genes appear to be correlated."""
MIN_POOL = 5600
"""Genes below which too few counts of a cell would be zeros."""


@dataclass(frozen=True, eq=False)
class GenePool:
    """The genes of a tissue and what all its samples share; G genes, K programmes, T cell types.

    Parameters
    ----------
    genes, mean
        G synthetic names, and the (G,) expected shares of a cell's counts, which sum to 1.
    noise
        (G,) standard deviation of a gene's own log expression within a cell type.
    programme, loadings
        (G,) programme of each gene, -1 for none, and (G, K) weights: largest in a gene's own
        programme, less in a second one.
    core
        (G,) programme genes that every sample expresses; other programme genes are accessory.
    markers
        (T, K) mean activity of each programme in each cell type.
    """

    genes: tuple[str, ...]
    mean: Array
    noise: Array
    programme: IntArray
    loadings: Array
    core: Mask
    markers: Array

    @property
    def n_programmes(self) -> int:
        """Programmes the samples share."""
        return int(self.markers.shape[1])


def gene_pool(spec: TissueSpec, n_genes: int, seed: int) -> GenePool:
    """Draw the gene pool of a tissue, several times the `n_genes` that a graph of it will keep."""
    rng = stream(seed, spec.name, n_genes, "pool")
    size = max(MIN_POOL, 5 * n_genes)
    core, accessory, noisy, ordinary, housekeeping = _roles(size, n_genes, rng)
    in_programme = core | accessory
    programme = np.full(size, -1, dtype=np.int64)
    programme[in_programme] = _memberships(int(in_programme.sum()), spec.programmes, rng)
    return GenePool(
        genes=tuple(f"{spec.prefix}{number:04d}" for number in range(1, size + 1)),
        mean=_means(core, accessory | noisy, ordinary, housekeeping, spec.depth, rng),
        noise=_noise(in_programme, noisy, ordinary, rng),
        programme=programme,
        loadings=_loadings(programme, spec.programmes, rng),
        core=core,
        markers=_markers(spec, rng),
    )


def rewired_pool(pool: GenePool, share: float, tissue: str, seed: int) -> GenePool:
    """Return the pool with a share of its programme genes in another programme.

    A gene weighs as much in its new programme as in the old one, and in the old one as it did in
    the new.
    """
    rng = stream(seed, tissue, len(pool.genes), "rewired")
    moved = np.flatnonzero((pool.programme >= 0) & (rng.random(len(pool.genes)) < share))
    old = pool.programme[moved]
    new = (old + rng.integers(1, pool.n_programmes, moved.size)) % pool.n_programmes
    programme, loadings = pool.programme.copy(), pool.loadings.copy()
    programme[moved] = new
    loadings[moved, new], loadings[moved, old] = (
        pool.loadings[moved, old],
        pool.loadings[moved, new],
    )
    return replace(pool, programme=programme, loadings=loadings)


def _roles(size: int, n_genes: int, rng: np.random.Generator) -> tuple[Mask, ...]:
    shares = np.array([CORE_SHARE, ACCESSORY_SHARE, NOISY_SHARE, ORDINARY_SHARE]) * n_genes
    ends = np.cumsum([*np.round(shares).astype(int), HOUSEKEEPING])
    role = np.searchsorted(ends, rng.permutation(size), side="right")
    return tuple(role == position for position in range(len(ends)))


def _memberships(count: int, programmes: int, rng: np.random.Generator) -> IntArray:
    sizes = rng.dirichlet(np.full(programmes, 12.0))
    return rng.choice(programmes, count, p=sizes).astype(np.int64)


def _loadings(programme: IntArray, programmes: int, rng: np.random.Generator) -> Array:
    loadings = np.zeros((programme.size, programmes))
    member = np.flatnonzero(programme >= 0)
    second = (programme[member] + rng.integers(1, programmes, member.size)) % programmes
    main = rng.uniform(0.4, 1.0, member.size)
    loadings[member, second] = main * rng.uniform(0.0, 0.95, member.size)
    loadings[member, programme[member]] = main
    return loadings


def _noise(in_programme: Mask, noisy: Mask, ordinary: Mask, rng: np.random.Generator) -> Array:
    drawn = rng.uniform(0.4, 0.8, noisy.size)
    return np.select([noisy, in_programme, ordinary], [1.0, drawn, 0.2], 0.1)


def _means(
    core: Mask,
    variable: Mask,
    ordinary: Mask,
    housekeeping: Mask,
    depth: float,
    rng: np.random.Generator,
) -> Array:
    weight = rng.lognormal(-3.6, 1.3, core.size)
    weight[core] = rng.lognormal(-0.35, 0.5, int(core.sum()))
    weight[variable] = rng.lognormal(-0.9, 0.6, int(variable.sum()))
    weight[ordinary] = rng.lognormal(-0.6, 0.6, int(ordinary.sum()))
    either = core | variable
    weight[either | ordinary] *= min(1.0, VARIABLE_SHARE * depth / weight[either].sum())
    steady = rng.lognormal(0.0, 0.8, int(housekeeping.sum()))
    rest = depth - weight[~housekeeping].sum()
    weight[housekeeping] = max(rest, 0.3 * depth) * steady / steady.sum()
    return np.asarray(weight / weight.sum())


def _markers(spec: TissueSpec, rng: np.random.Generator) -> Array:
    activity = rng.normal(0.0, 0.8, (spec.cell_types, spec.programmes))
    # every programme marks one type; a programme beyond the number of types marks one drawn
    first = np.arange(spec.programmes) % spec.cell_types
    activity[rng.permutation(spec.cell_types)[first], np.arange(spec.programmes)] += 1.0
    return activity
