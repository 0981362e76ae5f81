"""What clusters of genes have in common: enriched gene sets, and how many chance would find."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.genesets.gene_sets import (
    FEWEST,
    BoolArray,
    GeneSets,
    Membership,
    check_species,
    membership,
)
from genearena.data.graphs import GraphCollection, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

MOST = 500
LEVEL = 0.05
PERMUTATIONS = 20


@dataclass(frozen=True)
class Enriched:
    """A gene set of which a cluster has more genes than chance.

    Parameters
    ----------
    key, title
        Its name, and what it is in words.
    found, members
        How many of its genes the cluster has, and how many the task.
    p, q
        One-sided Fisher, and adjusted over all clusters and sets of the run (Benjamini-Hochberg).
    """

    key: str
    title: str
    found: int
    members: int
    p: float
    q: float

    @property
    def rich_factor(self) -> float:
        """Share of the set that is in the cluster."""
        return self.found / self.members


@dataclass(frozen=True, eq=False)
class Cluster:
    """A cluster of rows (data set, gene).

    Parameters
    ----------
    number
        Its number in the file of vectors.
    genes
        Its genes, those of most data sets first.
    rows, modalities, species
        Number of its rows in each data set, and in each modality and species.
    enriched
        Gene sets with q below `LEVEL`, that of the lowest p first.
    """

    number: int
    genes: tuple[str, ...]
    rows: Mapping[str, int]
    modalities: Mapping[str, int]
    species: Mapping[str, int]
    enriched: tuple[Enriched, ...]


@dataclass(frozen=True, eq=False)
class RunClusters:
    """The clusters of one run, the largest first, with what shuffled names would give.

    `by_chance` is the share of clusters with a set when genes swap their names, (permutations,).
    """

    seed: int
    clusters: tuple[Cluster, ...]
    by_chance: DoubleArray

    @property
    def share(self) -> float:
        """Share of clusters with a set."""
        return float(np.mean([bool(cluster.enriched) for cluster in self.clusters]))

    @property
    def best(self) -> tuple[Enriched, ...]:
        """The set of lowest p of every cluster that has one."""
        return tuple(cluster.enriched[0] for cluster in self.clusters if cluster.enriched)


@dataclass(frozen=True, eq=False)
class MethodClusters:
    """The clusters of a method's runs on a task."""

    tissue: str
    source: str
    sets: GeneSets
    known: Membership
    label: str
    control: bool
    runs: tuple[RunClusters, ...]

    @cached_property
    def share(self) -> float:
        """Mean share of clusters with a set."""
        return float(np.mean([run.share for run in self.runs]))

    @cached_property
    def excess(self) -> float:
        """How much that is above the mean of shuffled names."""
        return self.share - float(np.mean([run.by_chance for run in self.runs]))

    @cached_property
    def n_sets(self) -> float:
        """Mean number of different sets that some cluster of a run has."""
        keys = ({e.key for c in run.clusters for e in c.enriched} for run in self.runs)
        return float(np.mean([len(found) for found in keys]))

    @cached_property
    def members(self) -> float | None:
        """Median number of genes of the clusters' best sets: few where they say much."""
        sizes = [each.members for run in self.runs for each in run.best]
        return float(np.median(sizes)) if sizes else None

    @cached_property
    def rich_factor(self) -> float | None:
        """Median share of these sets that their cluster has."""
        found = [each.rich_factor for run in self.runs for each in run.best]
        return float(np.median(found)) if found else None


def clusters(
    task: TaskRuns, sets: GeneSets, fewest: int = FEWEST, most: int = MOST, seed: int = 0
) -> list[MethodClusters]:
    """Ask of every cluster of every run which gene sets it has more of than chance.

    A cluster has a gene if any of its rows is one of the gene's. The background are the genes of
    the task that are in some set of the file; all clusters and all sets of so many of these are
    tested together.

    Parameters
    ----------
    task
        Graphs and stored vectors with their Leiden clusters.
    sets
        The gene sets.
    fewest, most
        Genes of the task that a set has.
    seed
        Of the shuffled names.

    Raises
    ------
    DataError
        If the sets are of another species, or none is of such a size.
    """
    check_species(sets, task.graphs)
    known = membership(sets, task.graphs.all_genes, fewest=fewest, most=most)
    graphs = task.graphs
    return [
        MethodClusters(
            tissue=graphs.tissue,
            source=graphs.source,
            sets=sets,
            known=known,
            label=label,
            control=runs[0].control,
            runs=tuple(_of_run(graphs, known, run, seed) for run in runs),
        )
        for label, runs in task.by_label.items()
    ]


def _of_run(graphs: GraphCollection, known: Membership, run: RunVectors, seed: int) -> RunClusters:
    rows = [(graph, gene) for graph in graphs for gene in graph.genes]
    numbers, of_row = np.unique(run.clusters, return_inverse=True)
    has = np.zeros((len(numbers), len(known.genes)), dtype=bool)
    place = known.rows(gene for _, gene in rows)
    has[of_row[place >= 0], place[place >= 0]] = True
    found, p = enrichment(has, known.members)
    q = adjusted(p)
    rng = np.random.default_rng(seed)
    shuffled = (known.members[rng.permutation(len(known.genes))] for _ in range(PERMUTATIONS))
    by_chance = [(adjusted(enrichment(has, m)[1]) < LEVEL).any(axis=1).mean() for m in shuffled]
    sizes = known.members.sum(axis=0)
    each = []
    for c, number in enumerate(numbers.tolist()):
        own = [rows[i] for i in np.flatnonzero(of_row == c)]
        order = [t for t in np.argsort(p[c], kind="stable") if q[c, t] < LEVEL]
        each.append(
            Cluster(
                number=number,
                genes=most_frequent(gene for _, gene in own),
                rows=Counter(graph.name for graph, _ in own),
                modalities=Counter(graph.modality for graph, _ in own),
                species=Counter(graph.species for graph, _ in own),
                enriched=tuple(
                    Enriched(
                        known.keys[t], known.titles[t], int(found[c, t]), int(sizes[t]),
                        float(p[c, t]), float(q[c, t]),
                    )
                    for t in order
                ),
            )
        )  # fmt: skip
    each.sort(key=lambda cluster: (-len(cluster.genes), cluster.number))
    return RunClusters(run.seed, tuple(each), np.array(by_chance))


def most_frequent(genes: Iterable[str]) -> tuple[str, ...]:
    """Return each gene once, the most frequent first, those of equal frequency by name."""
    times = Counter(genes).items()
    return tuple(gene for gene, _ in sorted(times, key=lambda each: (-each[1], each[0])))


def enrichment(has: BoolArray, members: BoolArray) -> tuple[IntArray, DoubleArray]:
    """Count the genes that clusters and sets share, and test for more of them than chance.

    Parameters
    ----------
    has
        (c, n) whether a cluster has a gene.
    members
        (n, T) whether a gene is in a set.

    Returns
    -------
    (c, T) counts, and the p-values of Fisher's exact test, one-sided (hypergeometric).
    """
    from scipy.stats import hypergeom

    # float32 counts exactly up to 2^24, and has fast products
    found = np.rint(has.astype(np.float32) @ members.astype(np.float32)).astype(np.int64)
    total, drawn = members.shape[0], has.sum(axis=1)[:, None]
    p = np.ones(found.shape)
    some = found > 0  # of none it is 1
    inside = np.broadcast_to(members.sum(axis=0), found.shape)[some]
    picked = np.broadcast_to(drawn, found.shape)[some]
    p[some] = hypergeom.sf(found[some] - 1, total, inside, picked)
    return found, p


def adjusted(p: DoubleArray) -> DoubleArray:
    """Adjust p-values of any shape for all of them together (Benjamini-Hochberg)."""
    from scipy.stats import false_discovery_control

    q: DoubleArray = false_discovery_control(np.clip(p, 0, 1).ravel()).reshape(p.shape)
    return q


def most_telling(runs: Sequence[RunClusters]) -> RunClusters:
    """Return the run that most of its clusters have a set in, the first of equals."""
    return max(runs, key=lambda run: run.share)
