"""Train the method of a job, on all graphs and, where asked, without one donor's."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from genearena.benchmark.records.embeddings import read_sealed
from genearena.benchmark.records.record import Cost
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.common.canonical import canonical
from genearena.data.common.errors import MethodError
from genearena.data.common.one_line import shown
from genearena.data.graph_views import view
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method, check_vectors
from genearena.methods.catalogue import check_declared
from genearena.methods.progress import listening
from genearena.methods.registry import METHODS, faithful_name
from genearena.methods.settings import read_settings

Report = Callable[[str, int, int, float], None]
"""Called with (stage, epochs done, epochs in all, loss)."""


@dataclass(frozen=True, eq=False)
class Trained:
    """Vectors of the full training and of the one without a donor, and their cost.

    The latter have zeros for the donor left out.
    """

    vectors: tuple[FloatArray, ...]
    new_donor: tuple[FloatArray, ...] | None = None
    losses: tuple[float, ...] = ()
    cost: Cost = field(default_factory=Cost)
    fresh: bool = True


@dataclass(frozen=True, eq=False)
class Training:
    """Trains a job's method on its graphs, and reports how far it is."""

    job: Job
    graphs: GraphCollection
    report: Report

    def skipped(self) -> str | None:
        """Return why the method cannot run on the graphs, or None if it can."""
        reason: object = self._build().skip(self._shown(self.graphs))
        if reason is None:
            return None
        if isinstance(reason, str):
            return str.__str__(reason)  # plain text, whatever class of text it was
        raise MethodError(f"skip() gave {shown(reason)}, want a reason, or None to run")

    def trained(self) -> Trained:
        """Return the vectors on all edges, read instead if they are stored."""
        if self.job.stored is None:
            return self._train(self.graphs, "training")
        kept = read_sealed(self.job.stored, self.graphs)
        return Trained(kept.vectors, kept.new_donor, kept.losses, fresh=False)

    def with_new_donor(self, trained: Trained) -> Trained:
        """Return `trained` with vectors that never saw the donor left out at the job's seed.

        There are none where a single graph would be left, or the method cannot run on the others.
        """
        if trained.new_donor is not None or len(self.graphs) < 2:
            return trained
        position = donor_left_out(self.graphs, self.job.seed)
        others = self.graphs.without(position)
        if self._build().skip(self._shown(others)) is not None:
            return trained
        again = self._train(others, "training without a donor")
        vectors = list(again.vectors)
        size = (self.graphs[position].n_genes, vectors[0].shape[1])
        vectors.insert(position, np.zeros(size, dtype=np.float32))
        cost = trained.cost.model_copy(update={"heldout_seconds": again.cost.fit_seconds})
        return replace(trained, new_donor=tuple(vectors), cost=cost, fresh=True)

    @cached_property
    def _method_class(self) -> type[Method]:
        name = self.job.method.name
        method = METHODS.load(name)
        check_declared(name, method)
        return method

    def _shown(self, graphs: GraphCollection) -> GraphCollection:
        """Return what the method may see of graphs; anew each time, since it may change that."""
        return view(graphs, self._method_class.needs, self.job.method.name)

    def _build(self) -> Method:
        job = self.job
        # a variant starts where the faithful method does: the two differ by the script alone
        name = faithful_name(job.method.name)
        seed = job.derive_seed(name, "fit")
        files = job.method.files
        settings = read_settings(self._method_class, job.method.params | files | {"seed": seed})
        for setting, path in files.items():
            if canonical(settings[setting]) != job.method.params[setting]:
                raise MethodError(f"{setting} '{path}' was changed since the runs were planned")
        return self._method_class(**settings)

    def _train(self, graphs: GraphCollection, stage: str) -> Trained:
        method, shown_graphs = self._build(), self._shown(graphs)
        self.report(stage, 0, 0, float("nan"))
        start = time.perf_counter()
        with listening(lambda done, total, loss: self.report(stage, done, total, loss)):
            method.fit(shown_graphs)
            vectors = method.embed()
        seconds = time.perf_counter() - start
        check_vectors(method.name, graphs, vectors)
        return _copied(method, vectors, seconds)


def _copied(method: Method, vectors: list[FloatArray], seconds: float) -> Trained:

    n_parameters = int(method.n_parameters_)
    if not 0 <= n_parameters < 2**63:
        raise MethodError(f"n_parameters_ is {shown(method.n_parameters_)}, want a count")
    cost = Cost(fit_seconds=seconds, n_parameters=n_parameters)
    # the method may use the same memory for its next vectors
    copies = tuple(np.array(z) for z in vectors)
    return Trained(copies, losses=tuple(map(float, method.losses_)), cost=cost)


def donor_left_out(graphs: GraphCollection, seed: int) -> int:
    """Return which graph the second training of a repeat goes without: each in turn."""
    return seed % len(graphs)
