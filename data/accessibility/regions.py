"""Which genes' regions an interval of the genome overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genearena.data.accessibility.gtf import Gene
from genearena.data.common.errors import DataError

Positions = npt.NDArray[np.int64]


def chromosome_key(name: str) -> str:
    """Return what ``chr1`` and ``1``, ``chrM`` and ``MT`` have in common."""
    short = name[3:] if name[:3].lower() == "chr" and len(name) > 3 else name
    return "MT" if short == "M" else short


@dataclass(frozen=True, eq=False)
class GeneRegions:
    """Bodies of genes with their promoters, ready to be searched.

    Genes are told by their places in `names`, chromosomes by `chromosome_key` of their names.
    """

    names: tuple[str, ...]
    chromosomes: dict[str, "Chromosome"]

    @classmethod
    def of(cls, genes: Sequence[Gene], promoter: int) -> "GeneRegions":
        """Extend genes by `promoter` bases upstream, those of unknown strand not at all."""
        own = np.array([chromosome_key(gene.chromosome) for gene in genes], dtype=object)
        upstream = np.array([gene.start - promoter * (gene.strand == "+") for gene in genes])
        starts = np.maximum(upstream, 0)
        ends = np.array([gene.end + promoter * (gene.strand == "-") for gene in genes])
        chromosomes = {}
        for key in dict.fromkeys(own):
            here = np.flatnonzero(own == key)
            chromosomes[key] = Chromosome.of(here, starts[here], ends[here])
        return cls(tuple(gene.name for gene in genes), chromosomes)

    def chromosome(self, name: str) -> "Chromosome | None":
        """Return the regions of a chromosome, None if no gene lies on it."""
        return self.chromosomes.get(chromosome_key(name))

    def shares_none(self, path: Path, chromosomes: tuple[str, ...]) -> DataError:
        """Return the error of a file none of whose chromosomes has a gene."""
        return DataError(
            f"'{path}' and the GTF share no chromosome: {_first_names(chromosomes)} against "
            f"{_first_names(tuple(self.chromosomes))} (chr1 and 1 are taken for the same)"
        )


@dataclass(frozen=True, eq=False)
class Chromosome:
    """Regions of one chromosome, which may overlap and lie within each other.

    The ends of all regions cut the chromosome into segments, within each of which the covering
    regions are the same. An interval overlaps those that cover its first base and those that
    start after it and before its end, and no region is both.

    Parameters
    ----------
    genes, starts
        (n,) gene and start of each region, by start.
    cuts
        (m,) where segments meet; segment 0 lies before the first, m after the last.
    covering, offsets
        Genes that cover segment k are ``covering[offsets[k]:offsets[k + 1]]``.
    """

    genes: Positions
    starts: Positions
    cuts: Positions
    covering: Positions
    offsets: Positions

    @classmethod
    def of(cls, genes: Positions, starts: Positions, ends: Positions) -> "Chromosome":
        """Index regions from base `starts` up to, but without, base `ends`."""
        cuts = np.unique(np.concatenate([starts, ends]))
        first = np.searchsorted(cuts, starts) + 1
        n_covered = np.searchsorted(cuts, ends) + 1 - first
        segments = _ranges(first, n_covered)
        by_segment = np.argsort(segments, kind="stable")
        by_start = np.argsort(starts, kind="stable")
        return cls(
            genes[by_start],
            starts[by_start],
            cuts,
            np.repeat(genes, n_covered)[by_segment],
            np.searchsorted(segments[by_segment], np.arange(len(cuts) + 2)),
        )

    def overlaps(self, starts: Positions, ends: Positions) -> tuple[Positions, Positions]:
        """Return all pairs of an interval, by its place, and a gene it overlaps, each once.

        Intervals reach from the bases `starts` up to, but without, `ends` (k,), counted from 0.
        """
        segment = np.searchsorted(self.cuts, starts, side="right")
        n_covering = self.offsets[segment + 1] - self.offsets[segment]
        following = np.searchsorted(self.starts, starts, side="right")
        n_following = np.searchsorted(self.starts, ends, side="left") - following
        place = np.arange(len(starts))
        intervals = [np.repeat(place, n_covering), np.repeat(place, n_following)]
        genes = [
            self.covering[_ranges(self.offsets[segment], n_covering)],
            self.genes[_ranges(following, n_following)],
        ]
        return np.concatenate(intervals), np.concatenate(genes)


def _first_names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _ranges(first: Positions, lengths: Positions) -> Positions:
    """Return the numbers ``first[i], first[i] + 1, …``, `lengths[i]` of them, for every i."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(first - before, lengths) + np.arange(int(lengths.sum()))
