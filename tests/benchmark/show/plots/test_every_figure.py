"""What holds for all figures: of results, of the graphs of a task, and of the simulator."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots import umap
from genearena.benchmark.show.plots.quality import quality_figure
from genearena.benchmark.show.plots.registry import FIGURES, Source, draw_figure
from genearena.benchmark.show.plots.simulator import simulator_figure
from genearena.benchmark.show.plots.style import figure_style
from genearena.data.simulation.validation import PairCalls
from genearena.data.tasks import load_task
from genearena.metrics.registry import METRICS

TISSUES = ("brain", "heart", "kidney", "liver", "lung", "spleen")


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory,
    make_records: Callable[..., list[RunRecord]],
    write_store: Callable[..., None],
) -> tuple[Sequence[Leaderboard], ResultStore]:
    """Return boards of as many tissues as tests need, and their store."""
    records = [record for tissue in TISSUES for record in make_records(tissue, n_seeds=2)]
    records = [record.model_copy(update={"metrics": _asked(record)}) for record in records]
    trained = [record for record in records if record.method.name == "gae"]
    for epochs in (10, 100):
        for record in trained:
            method = record.method.model_copy(update={"params": {"dim": 32, "epochs": epochs}})
            run_id = f"{record.run_id}-{epochs}"
            records.append(record.model_copy(update={"method": method, "run_id": run_id}))
    folder = tmp_path_factory.mktemp("results")
    write_store(folder, [r for r in records if r.task.tissue == TISSUES[0]], n_genes=20)
    return build_leaderboards(records), ResultStore(folder)


def _asked(record: RunRecord) -> dict[str, MetricResult]:
    """Return the metrics of a run that ended well with those of the headline."""
    names = [name for name in METRICS.builtin if METRICS.load(name).headline]
    asked = {
        name: MetricResult(label=METRICS.load(name).label, value=0.2 * place + 0.01 * record.seed)
        for place, name in enumerate(names)
    }
    return record.metrics | asked if record.status == "ok" else record.metrics


@pytest.fixture(scope="module")
def figures(results: tuple[Sequence[Leaderboard], ResultStore]) -> dict[str, Figure]:
    """Draw everything there is, as commands do."""
    boards, store = results
    true = np.array([0.0] * 100 + [0.45] * 40)
    calls = [
        PairCalls("lung", "d1", "scrna", 0, programmes, depth, true, true > 0)
        for programmes in (True, False)
        for depth in ("true", "total")
    ]
    with pytest.MonkeyPatch.context() as patch, figure_style():
        # the layout itself takes long and is tested elsewhere
        patch.setattr(umap, "umap_points", lambda vectors: vectors[:, :2])
        drawn = {
            "quality": quality_figure(load_task("lung", source="simulated")),
            "simulator": simulator_figure(calls),
        }
        for kind, about in FIGURES.items():
            if about.per_task:
                drawn[kind] = draw_figure(kind, boards[:1], Source(store))
            if about.overall:
                drawn[f"{kind} over tasks"] = draw_figure(kind, boards, Source(store))
        for figure in drawn.values():
            figure.draw_without_rendering()
    return drawn


def test_headings_and_legends_lie_inside(figures: dict[str, Figure]):
    """What a figure says around its panels is not cut off at its edges."""
    for name, figure in figures.items():
        around = [*figure.texts, figure._suptitle, *(axes.title for axes in figure.axes)]
        for text in around:
            if text is None or not text.get_text():
                continue
            box = text.get_window_extent()
            width, height = figure.bbox.max
            inside = min(box.x0, box.y0, width - box.x1, height - box.y1)
            assert inside >= -1, (name, text.get_text())


def texts(figure: Figure) -> Iterator[str]:
    """Yield every piece of text that is drawn."""
    return (text.get_text() for text in figure.findobj(Text) if text.get_text())


def test_no_text_of_a_figure_is_a_formula(figures: dict[str, Figure]):
    """Formulas are off, since names come from files: one would be drawn as its source text."""
    assert {name.removesuffix(" over tasks") for name in figures} == {
        *FIGURES,
        "quality",
        "simulator",
    }
    for name, figure in figures.items():
        written = list(texts(figure))
        assert len(written) > 5, name
        assert [text for text in written if "$" in text] == [], name
