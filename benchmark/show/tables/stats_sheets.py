"""Tests, intervals and stability as sheets."""

from collections.abc import Iterable, Iterator, Sequence

from genearena.benchmark.compare.analysis import Analysis
from genearena.benchmark.compare.comparison import Comparison, Pair
from genearena.benchmark.compare.scores import AVERAGES
from genearena.benchmark.compare.sentences import (
    conclusion,
    notes,
    p_equation,
    p_value,
    stability_sentence,
)
from genearena.benchmark.compare.stability import Stability
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of


def stats_sheets(analysis: Analysis, *, all_pairs: bool = False) -> list[Sheet]:
    """Lay out one table of methods and one of pairs: of all, or those with the first method."""
    pairs = analysis.comparison.pairs
    first = analysis.comparison.order[0] if pairs else ""
    shown = [p for p in pairs if all_pairs or p.better == first]
    return [_methods(analysis), *([_pairs(analysis, shown)] if shown else [])]


def _methods(analysis: Analysis) -> Sheet:
    compared, labels = analysis.comparison.compared, analysis.comparison.order
    places = dict(zip(compared.methods, analysis.comparison.mean_places, strict=True))
    found = analysis.stability
    return Sheet(
        title=_title(analysis),
        subtitle=conclusion(analysis),
        key="stats-methods",
        labels=labels,
        columns=(
            column_of("Mean place", [number(places.get(m), 2) for m in labels], arrow="↓"),
            *_intervals(analysis, labels),
            *_stays_first(found, labels),
        ),
        notes=(
            *([stability_sentence(found)] if found else []),
            *notes(analysis),
            *_reading(analysis),
        ),
    )


def _title(analysis: Analysis) -> str:
    compared = analysis.comparison.compared
    n_blocks = len(compared.blocks)
    where = compared.blocks[0] if n_blocks == 1 else f"{n_blocks} tissues"
    simulated = ": SIMULATED data" if len(analysis.simulated) == len(analysis.scores.blocks) else ""
    methods = "1 method" if len(compared.methods) == 1 else f"{len(compared.methods)} methods"
    return f"{methods} by {compared.label}, {where}{simulated}"


def _intervals(analysis: Analysis, labels: Sequence[str]) -> Iterator[Column]:
    found = analysis.bootstrap
    if found is None:
        return
    at = {m: i for i, m in enumerate(found.methods)}
    for which, values in found.observed.items():
        label, higher = AVERAGES[which]
        low, high = found.interval(which)
        texts = (
            f"{number(values[at[m]], 2)} ({number(low[at[m]], 2)} to {number(high[at[m]], 2)})"
            if m in at
            else NOTHING
            for m in labels
        )
        yield column_of(label, texts, arrow="↑" if higher else "↓")
    share = found.first(analysis.options.average)
    texts = (f"{100 * share[at[m]]:.0f} %" if m in at else NOTHING for m in labels)
    yield column_of("First in resamples", texts)


def _stays_first(found: Stability | None, labels: Sequence[str]) -> Iterator[Column]:
    if found is None or not found.removals:
        return
    counts = [found.first(m) if m in found.methods else None for m in labels]
    texts = (f"{c[0]}/{c[1]}" if c else NOTHING for c in counts)
    yield column_of("First in removals", texts)


def _pairs(analysis: Analysis, pairs: Sequence[Pair]) -> Sheet:
    return Sheet(
        title="Pairs",
        subtitle=_omnibus(analysis.comparison),
        key="stats-pairs",
        labels=tuple(f"{p.better} > {p.worse}" for p in pairs),
        columns=tuple(_pair_columns(analysis, pairs)),
        notes=tuple(_reading_pairs(analysis, len(pairs) < len(analysis.comparison.pairs))),
        corner="Pair",
    )


def _pair_columns(analysis: Analysis, pairs: Sequence[Pair]) -> Iterator[Column]:
    comparison = analysis.comparison
    yield column_of(f"Δ {comparison.compared.label}", (_difference(analysis, p) for p in pairs))
    if len(comparison.compared.blocks) > 1:
        yield column_of("Won/ tied/ lost", (f"{p.wins}/{p.ties}/{p.losses}" for p in pairs))
        yield column_of("Effect", (number(p.effect, 2) for p in pairs))
    if not comparison.untestable:
        yield _p_column("Nemenyi p", [p.nemenyi for p in pairs], comparison.alpha)
        yield _p_column("Wilcoxon-Holm p", [p.wilcoxon for p in pairs], comparison.alpha)
    if analysis.posteriors:
        found = [analysis.posteriors[p.better, p.worse] for p in pairs]
        for name in ("better", "equal", "worse"):
            yield column_of(f"P {name}", (number(getattr(f, name), 2) for f in found))


def _difference(analysis: Analysis, pair: Pair) -> str:
    text = f"{pair.difference:+.2f}"
    found, which = analysis.bootstrap, analysis.options.average
    if found is None or analysis.options.by not in AVERAGES:
        return text
    if not {pair.better, pair.worse} <= {*found.methods}:
        return text
    _, low, high = found.difference(which, pair.better, pair.worse)
    return f"{text} ({low:+.2f} to {high:+.2f})"


def _omnibus(comparison: Comparison) -> str:
    test = comparison.friedman
    if test is None or comparison.critical_difference is None:
        return comparison.untestable or "two methods"
    return (
        f"Friedman χ² = {test.statistic:.2f}, {p_equation(test.p)}, Kendall's W = "
        f"{test.kendall_w:.2f}; critical difference of mean places "
        f"{comparison.critical_difference:.2f} at {comparison.alpha:g}"
    )


def _reading(analysis: Analysis) -> Iterable[str]:
    compared = analysis.comparison.compared
    yield (
        f"Mean place: mean over tissues of a method's place by {compared.label}, ties averaged; "
        "seeds are averaged within a tissue before"
    )
    if analysis.options.by not in AVERAGES:
        yield f"Avg Score and Avg Rank are of {compared.label} alone"
    metric = "question" if analysis.options.by == "headline" else "metric"
    yield f"First in removals: of leaving out one {metric}, one tissue or one method at a time"


def _reading_pairs(analysis: Analysis, some: bool) -> Iterable[str]:
    if some:
        yield "Pairs with the first method; --all-pairs shows the others"
    if len(analysis.comparison.compared.blocks) > 1:
        yield "Effect: matched-pairs rank-biserial correlation, 1 if the first wins on every tissue"
    if not analysis.comparison.untestable:
        yield "p-values hold for all pairs at once; below the level they are bold"
    if analysis.posteriors:
        yield (
            "P: Bayesian signed-rank posterior; equal means a difference of at most "
            f"{analysis.options.rope:g}"
        )


def _p_column(heading: str, ps: Sequence[float | None], alpha: float) -> Column:
    entries = (Entry(p_value(p), best=p is not None and p < alpha) for p in ps)
    return Column(heading, "scored", tuple(entries))
