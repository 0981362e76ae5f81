"""What the paper's whole comparison costs on a machine like this, on one GPU and on eight."""

from dataclasses import dataclass
from functools import partial

from genearena.methods.registry import EXTRA, METHODS, is_released
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.registry import METRICS
from speed.made_up import programme_vectors, random_task, usual_task
from speed.sheet import Sheet, digits, duration
from speed.stopwatch import EPOCHS, Bench, steps_in_turns, time_of
from speed.training import GRAPHS_OF_TEN_TISSUES, NEURAL, SEEDS, product_rate

TISSUES = 10
PRESETS = ("fast", "paper")
# float32 operations per second that a GPU is assumed to sustain here: 30 % of the 67e12 that
# NVIDIA's data sheet gives for an H200, since several workers keep it busy in part
GPU_RATE = 2e13
GPUS = 8
_REPEATS = 3


@dataclass(frozen=True)
class _Cost:
    """Seconds of all runs of a method on this machine, and whether a GPU would do the work."""

    seconds: float
    neural: bool


def cost(bench: Bench) -> Sheet:
    """Reckon every method's runs from the time of one step, or of one fit, per graph."""
    rate = product_rate(bench)
    costs = {preset: _costs(bench, preset) for preset in PRESETS}
    rows = [
        (name, *(text for preset in PRESETS for text in _texts(costs[preset][name], rate)))
        for name in costs["fast"]
    ]
    totals = [_total(list(costs[preset].values()), rate) for preset in PRESETS]
    headings = ("this machine", "1 GPU", f"{GPUS} GPUs")
    return Sheet(
        f"{TISSUES} tissues, {GRAPHS_OF_TEN_TISSUES} graphs, {SEEDS} seeds: reckoned",
        ("method", *(f"{preset}: {heading}" for preset in PRESETS for heading in headings)),
        (*rows, ("together", *(text for total in totals for text in total))),
        (
            f"Graphs of {bench.size.genes} genes x {bench.size.cells} cells and "
            f"{bench.size.usual_edges:,} edges. Median time of a step (or of a fit, where there "
            "are no steps) x epochs x graphs x seeds, twice: New donor wants a second "
            "training; runs one after another, each with all threads. Reading and writing are "
            "left out.",
            f"GPUs are arithmetic, not measured: neural methods take the time they take here x "
            f"{digits(rate / 1e9)} GFLOP/s (float32 products of {bench.size.genes} x "
            f"{bench.size.genes} matrices, measured here) / {GPU_RATE / 1e12:.0f} TFLOP/s "
            "(assumed). That bounds them from below: short steps, gae's above all, wait for "
            "kernels to start. The other methods, and scoring, stay on the processor: a machine "
            "with k times the cores needs a k-th of their time, beside the GPU's.",
        ),
    )


def _costs(bench: Bench, preset: str) -> dict[str, _Cost]:
    plain = [n for n in METHODS.builtin if not is_released(n) and n not in EXTRA]
    names = [n for n in plain if not METHODS.load(n).control]
    runs = {name: _method(bench, name, preset) for name in names}
    scoring = _scoring(bench) * TISSUES * SEEDS * len(names)
    return {**runs, "scoring": _Cost(scoring, neural=False)}


def _method(bench: Bench, name: str, preset: str) -> _Cost:
    neural = name in NEURAL
    per_graph = (_training if neural else _fit)(bench, name, preset)
    return _Cost(2 * per_graph * GRAPHS_OF_TEN_TISSUES * SEEDS, neural)


def _training(bench: Bench, name: str, preset: str) -> float:
    cls = METHODS.load(name)
    trainings = [partial(cls, epochs=EPOCHS)]
    (seconds,) = steps_in_turns(trainings, usual_task(bench.size), bench.repeats)
    epochs: int = cls.preset(preset)["epochs"]
    return seconds.median * epochs


def _fit(bench: Bench, name: str, preset: str) -> float:
    graphs = usual_task(bench.size)
    cls = METHODS.load(name)
    params = cls.preset(preset)
    seconds = time_of(lambda: cls(**params).fit(graphs), min(bench.repeats, _REPEATS)).median
    return seconds / len(graphs.graphs)


def _scoring(bench: Bench) -> float:
    """Return seconds of all scored metrics on a tissue of average size."""
    size = bench.size
    graphs = random_task(round(GRAPHS_OF_TEN_TISSUES / TISSUES), size.genes, 2, size.usual_edges)
    vectors = tuple(programme_vectors(graphs))
    metrics = [metric for metric in map(METRICS.load, METRICS.builtin) if metric.scored]

    def score() -> None:
        space = EmbeddingSpace(graphs, vectors)
        for metric in metrics:
            metric(space)

    return time_of(score, min(bench.repeats, _REPEATS)).median


def _texts(cost: _Cost, rate: float) -> tuple[str, str, str]:
    if not cost.neural:
        return duration(cost.seconds), "-", "-"
    gpu = cost.seconds * rate / GPU_RATE
    return duration(cost.seconds), duration(gpu), duration(gpu / GPUS)


def _total(costs: list[_Cost], rate: float) -> tuple[str, str, str]:
    neural = sum(cost.seconds for cost in costs if cost.neural)
    everything = duration(sum(cost.seconds for cost in costs))
    return everything, *_texts(_Cost(neural, neural=True), rate)[1:]
