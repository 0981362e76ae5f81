"""The conformance kit passes what is right and catches what is wrong."""

import random
import re
import subprocess
import sys
import threading
from typing import Self

import numpy as np
import pytest

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods import checks
from genearena.methods._conformance import usable_task
from genearena.methods.base import Method
from genearena.methods.checks import CHECKS, run_checks
from genearena.methods.example import example_graphs
from genearena.methods.skeleton import Skeleton


class BadDeclarations(Skeleton):
    needs = {"expression", "wishes"}  # noqa: RUF012 - the fault


class UnknownFastParameter(Skeleton):
    fast = {"jumps": 3}  # noqa: RUF012 - Method allows any mapping


class UnknownVariant(Skeleton):
    variant = "borrowed"


class CannotRunButTries(Skeleton):
    cannot_run = "the script is incomplete"

    def skip(self, graphs: GraphCollection) -> str | None:
        return None


class WantsEqualSizes(Skeleton):
    def skip(self, graphs: GraphCollection) -> str | None:
        sizes = {graph.n_genes for graph in graphs}
        return f"graphs of {len(sizes)} sizes" if len(sizes) > 1 else None


class WorksInConstructor(Skeleton):
    def __init__(self, *, dim: int = 32, seed: int = 0) -> None:
        super().__init__(dim=dim, seed=seed)
        self.rng = np.random.default_rng(seed)


class ForgetsParameter(Method):
    name = "forgets"

    def __init__(self, *, dim: int = 32, seed: int = 0, depth: int = 1000) -> None:
        super().__init__(dim=dim, seed=seed)

    def fit(self, graphs: GraphCollection) -> Self:
        return self

    def embed(self) -> list[FloatArray]:
        return []


class PositionalParameter(Skeleton):
    def __init__(self, dim: int = 32, *, seed: int = 0) -> None:
        super().__init__(dim=dim, seed=seed)
        del self.hops


class WrongWidth(Skeleton):
    def embed(self) -> list[FloatArray]:
        return [np.hstack([z, z]) for z in self.vectors_]


class DoublePrecision(Skeleton):
    def embed(self) -> list[FloatArray]:
        return [z.astype(np.float64) for z in self.vectors_]


class ForgetsGraph(Skeleton):
    def embed(self) -> list[FloatArray]:
        return self.vectors_[1:]


class ForgetsSelf(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        super().fit(graphs)
        return None


class NotFinite(Skeleton):
    def embed(self) -> list[FloatArray]:
        return [np.where(z > 0, z, np.nan).astype(np.float32) for z in self.vectors_]


class AllTheSame(Skeleton):
    def embed(self) -> list[FloatArray]:
        return [np.ones_like(z) for z in self.vectors_]


class DrawsFromTheClock(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        super().fit(graphs)
        noise = np.random.default_rng()
        self.vectors_ = [z + noise.normal(size=z.shape).astype(np.float32) for z in self.vectors_]
        return self


class IgnoresSeed(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        self.vectors_ = [np.asarray(g.x[:, : self.dim]) for g in graphs]
        return self


class DeniesSeed(Skeleton):
    seeded = False


class ChangesEdges(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        super().fit(graphs)
        graphs[1].adjacency.data[:3] = 0
        return self


class ChangesCounts(Skeleton):
    needs = frozenset({"expression", "graph", "counts"})

    def fit(self, graphs: GraphCollection) -> Self:
        graphs[0].counts.data += 1
        return super().fit(graphs)


class ReplacesProfiles(Skeleton):
    def embed(self) -> list[FloatArray]:
        object.__setattr__(self.graphs_[2], "x", self.graphs_[2].x * 2)
        return super().embed()

    def fit(self, graphs: GraphCollection) -> Self:
        self.graphs_ = graphs
        return super().fit(graphs)


class SeedsNumpy(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        np.random.seed(self.seed)  # noqa: NPY002 - the fault
        return super().fit(graphs)


class DrawsFromPython(Skeleton):
    def embed(self) -> list[FloatArray]:
        random.random()
        return super().embed()


class SeedsTorch(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        import torch

        torch.manual_seed(self.seed)
        return super().fit(graphs)


class NeedsTwoGraphs(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        self.partner_ = graphs[1].name
        return super().fit(graphs)


class NeedsTwoGraphsAndSaysSo(NeedsTwoGraphs):
    def skip(self, graphs: GraphCollection) -> str | None:
        return "needs two graphs" if len(graphs) < 2 else None


class CutsToFirstGraph(Skeleton):
    """Right for the example, whose first graph is the largest; wrong when graphs grow."""

    def embed(self) -> list[FloatArray]:
        return [z[: len(self.vectors_[0])] for z in self.vectors_]


class DividesByDegree(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        self.vectors_ = []
        for graph in graphs:
            degree = graph.adjacency.sum(axis=1)[:, None]
            with np.errstate(invalid="ignore", divide="ignore"):
                z = (graph.adjacency @ graph.x[:, : self.dim]) / degree
            self.vectors_.append(z.astype(np.float32))
        return self


class DependsOnOrder(Skeleton):
    def embed(self) -> list[FloatArray]:
        return [z * np.arange(1, len(z) + 1, dtype=np.float32)[:, None] for z in self.vectors_]


class HoldsLock(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        self.lock_ = threading.Lock()
        return super().fit(graphs)


class LosesVectors(Skeleton):
    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "vectors_": [z * 0 for z in self.vectors_]}


class PeeksAtTruth(Skeleton):
    def fit(self, graphs: GraphCollection) -> Self:
        super().fit(graphs)
        for graph, z in zip(graphs, self.vectors_, strict=True):
            if graph.truth is not None:
                z[:, 0] += 5 * graph.truth
        return self


class SkipsEverything(Skeleton):
    def skip(self, graphs: GraphCollection) -> str | None:
        return "not today"


BAD = [
    (checks.check_declarations, BadDeclarations, "wishes"),
    (checks.check_declarations, UnknownFastParameter, "jumps"),
    (checks.check_declarations, dict, "want a class derived from"),
    (checks.check_constructor, WorksInConstructor, "rng"),
    (checks.check_constructor, ForgetsParameter, "does not store 'depth'"),
    (checks.check_constructor, PositionalParameter, "'dim' is no keyword"),
    (checks.check_declarations, UnknownVariant, "borrowed"),
    (checks.check_unable, CannotRunButTries, "declares cannot_run"),
    (checks.check_shape, WrongWidth, r"\(40, 16\)"),
    (checks.check_shape, DoublePrecision, "float64"),
    (checks.check_shape, ForgetsGraph, "2 arrays, want 3"),
    (checks.check_shape, ForgetsSelf, "return self"),
    (checks.check_shape, SkipsEverything, "not today"),
    (checks.check_finite, NotFinite, "not finite"),
    (checks.check_needs, PeeksAtTruth, "reads 'truth' of the graphs"),
    (checks.check_finite, AllTheSame, "same vector"),
    (checks.check_determinism, DrawsFromTheClock, "two fits"),
    (checks.check_seed, IgnoresSeed, "declare seeded = False"),
    (checks.check_seed, DeniesSeed, "declare seeded = True"),
    (checks.check_input_untouched, ChangesEdges, "adjacency of graph 'donor_b'"),
    (checks.check_input_untouched, ChangesCounts, "counts of graph 'donor_a'"),
    (checks.check_input_untouched, ReplacesProfiles, "x of graph 'donor_c'"),
    (checks.check_global_random_state, SeedsNumpy, "numpy"),
    (checks.check_global_random_state, DrawsFromPython, "random"),
    (checks.check_global_random_state, SeedsTorch, "torch"),
    (checks.check_single_graph, NeedsTwoGraphs, "IndexError"),
    (checks.check_different_sizes, CutsToFirstGraph, "shape"),
    (checks.check_isolated_genes, DividesByDegree, "not finite"),
    (checks.check_gene_order, DependsOnOrder, "equivariant = False"),
    (checks.check_pickling, HoldsLock, "cannot be pickled"),
    (checks.check_pickling, LosesVectors, "when pickled"),
]


def test_the_skeleton_passes_every_check() -> None:
    """The method `bench new-method` starts from keeps the contract."""
    results = run_checks(Skeleton)
    assert [result.name for result in results if not result.passed] == []
    assert len(results) == len(CHECKS)


@pytest.mark.parametrize(
    ("check", "method", "message"), BAD, ids=[f"{c.__name__}-{m.__name__}" for c, m, _ in BAD]
)
def test_a_check_catches_its_bad_method(check, method, message: str) -> None:
    """Each fault fails the check meant for it, with a message that says what is wrong."""
    (result,) = [r for r in run_checks(method) if f"check_{r.name}" == check.__name__]
    assert any(re.search(message, fault) for fault in result.faults)


def test_every_check_has_a_bad_method() -> None:
    """No check stands without proof that it can fail."""
    assert {check for check, _, _ in BAD} == set(CHECKS)


def test_a_method_for_graphs_of_one_size_is_trained_on_such() -> None:
    """Where the example is skipped for its sizes, the checks train on one of equal sizes."""
    assert all(result.passed for result in run_checks(WantsEqualSizes))
    graphs = usable_task(WantsEqualSizes, {})
    assert [graph.n_genes for graph in graphs] == [26, 26, 26]
    assert len(graphs.groups) == 2
    assert 0 < len(graphs.common_genes) < 26


def test_a_method_that_cannot_run_is_checked_without_training() -> None:
    """A declared reason is enough; what needs no training is checked all the same."""

    class Incomplete(Skeleton):
        cannot_run = "the script is incomplete"

    results = run_checks(Incomplete)
    assert [r.name for r in results] == ["declarations", "constructor", "unable"]
    assert all(r.passed for r in results)


def test_a_reason_to_skip_one_graph_is_accepted() -> None:
    """A method may decline a task of one graph if it says why."""
    assert all(result.passed for result in run_checks(NeedsTwoGraphsAndSaysSo))


def test_a_non_deterministic_method_may_say_so() -> None:
    """Declared chance passes; the other checks still run."""

    class Honest(DrawsFromTheClock):
        deterministic = False
        equivariant = False

    assert all(r.passed for r in run_checks(Honest) if r.name != "pickling")


def test_the_global_generators_are_put_back() -> None:
    """Running the checks leaves no trace in the global generators."""
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    want = random.random(), np.random.random()  # noqa: NPY002
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    run_checks(Skeleton)
    assert (random.random(), np.random.random()) == want  # noqa: NPY002


def test_the_kit_does_not_import_torch() -> None:
    """A plugin author without torch methods does not wait for torch."""
    code = "import sys, genearena.methods.checks as c; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_example_task_has_what_methods_must_cope_with() -> None:
    """The example has unequal sizes, two groups, private, common and isolated genes."""
    graphs = example_graphs()
    assert len({graph.n_genes for graph in graphs}) == len(graphs) == 3
    assert len(graphs.groups) == 2
    assert all(len(graphs.common_genes) < graph.n_genes for graph in graphs)
    assert len(graphs.common_genes) == 16
    assert all((graph.adjacency.sum(axis=1) == 0).sum() >= 2 for graph in graphs)
    assert graphs.fingerprint == example_graphs().fingerprint != example_graphs(1).fingerprint
