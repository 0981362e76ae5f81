"""The figures by name. A new one is one file beside this and one line here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from genearena.benchmark.compare.headline import by_headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import StoreError
from genearena.data.common.registry import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Follow = Callable[[Sequence[Row], str], Iterable[Row]]
"""Gives rows one by one while showing how many are done of what the text says."""

T = TypeVar("T")


@dataclass(frozen=True)
class FigureKind:
    """A kind of figure: the module whose ``from_results(boards, source)`` draws it, and a summary.

    There may be one for every task and one over all of them; some take so long that they are only
    drawn on request, and of some the page is larger than what is drawn, and cropped. What is a
    single panel may also be drawn among others, by ``from_results(boards, source, axes)``.
    """

    module: str
    summary: str
    per_task: bool = True
    overall: bool = False
    on_request: bool = False
    crop: bool = False


FIGURES = {
    "headline": FigureKind("headline", "four questions and their mean", overall=True),
    "heatmap": FigureKind("heatmap", "the leaderboard"),
    "boxplot": FigureKind("boxplot", "every metric over seeds"),
    "cost": FigureKind("cost", "score against time and memory", overall=True),
    "loss": FigureKind("loss", "training curves"),
    "umap": FigureKind("umap", "gene vectors of one seed in the plane", on_request=True, crop=True),
    "overview": FigureKind(
        "overview", "every method on every tissue", per_task=False, overall=True
    ),
    "critical-difference": FigureKind(
        "critical_difference",
        "which methods are told apart",
        per_task=False,
        overall=True,
    ),
    "rank-stability": FigureKind(
        "rank_stability",
        "the order with one thing left out",
        per_task=False,
        overall=True,
    ),
    "epochs": FigureKind(
        "epochs", "the headline by epochs", per_task=False, overall=True, on_request=True
    ),
}


@dataclass(frozen=True)
class Source:
    """Stored vectors, the repeat to show where a figure has room for one, and who is waiting.

    Seed None is each method's first that ended well.
    """

    store: ResultStore
    seed: int | None = None
    follow: Follow = lambda rows, _: rows

    def shown_run(self, row: Row) -> RunRecord | None:
        """Return the run of a method to show, None if it did not end well."""
        wanted = (run for run in row.runs.finished if self.seed in (None, run.seed))
        return next(wanted, None)


def read_stored(store: ResultStore, record: RunRecord, read: "Callable[[Path], T]") -> T | None:
    """Read from the file of a run's vectors; None if it is gone.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    path = store.embedding_path(record)
    if not path.exists():
        return None
    try:
        return read(path)
    except Exception as error:  # parsers raise anything over a damaged file
        raise StoreError(
            f"cannot read {path}: it is no embedding file; delete it and run again"
        ) from error


class _Draw(Protocol):
    def __call__(
        self, boards: Sequence[Leaderboard], source: Source, *axes: "Axes"
    ) -> "Figure | str": ...


def overall_kinds(kinds: Iterable[str], n_boards: int) -> Iterator[str]:
    """Yield the kinds that have a figure over all tasks; over one it is the figure of that task."""
    for kind in kinds:
        if FIGURES[kind].overall and not (FIGURES[kind].per_task and n_boards == 1):
            yield kind


def draw_figure(
    kind: str, boards: Sequence[Leaderboard], source: Source, *axes: "Axes"
) -> "Figure | str":
    """Draw a figure of one task or over several, or say why there is none.

    Methods are in order of their headline, or as leaderboards have them. A single panel may be
    drawn in `axes` that are there. Wrap calls in `figure_style`.
    """
    boards = [replace(board, rows=by_headline(board)) for board in boards]
    module = f"genearena.benchmark.show.plots.{FIGURES[kind].module}"
    return cast("_Draw", resolve(f"{module}:from_results", "figure"))(boards, source, *axes)
