"""Tests, intervals and stability as one tidy table, csv or JSON, with every number in full."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

from genearena.benchmark.compare.analysis import Analysis
from genearena.benchmark.compare.sentences import conclusion, notes, stability_sentence
from genearena.data.common.csv_text import csv_text


@dataclass(frozen=True)
class Statistic:
    """One number: what it is, of which method or pair, with what left out, and its interval."""

    statistic: str
    method: str = ""
    other: str = ""
    removed: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


def statistics_of(analysis: Analysis) -> Iterator[Statistic]:
    """Yield every number of an analysis."""
    yield from _tests(analysis)
    yield from _intervals(analysis)
    yield from _pairs(analysis)
    yield from _removals(analysis)


def stats_csv(analysis: Analysis) -> str:
    """Write one row per number; floats read back to the same bits, an empty field is no number."""
    names = [field.name for field in fields(Statistic)]
    return csv_text(names, map(asdict, statistics_of(analysis)))


def stats_json(analysis: Analysis) -> str:
    """Write the sentences, what was compared and every number."""
    compared = analysis.comparison.compared
    document = {
        "conclusion": conclusion(analysis),
        "stability": stability_sentence(analysis.stability) if analysis.stability else None,
        "notes": list(notes(analysis)),
        "by": analysis.options.by,
        "alpha": analysis.options.alpha,
        "tissues": compared.blocks,
        "methods": analysis.comparison.order,
        "not_compared": {method: list(blocks) for method, blocks in compared.missing.items()},
        "simulated": analysis.simulated,
        "statistics": [_present(row) for row in statistics_of(analysis)],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _present(row: Statistic) -> dict[str, str | float]:
    return {name: value for name, value in asdict(row).items() if value not in ("", None)}


def _tests(analysis: Analysis) -> Iterator[Statistic]:
    comparison = analysis.comparison
    if comparison.friedman is not None:
        yield Statistic("friedman_chi2", value=comparison.friedman.statistic)
        yield Statistic("friedman_p", value=comparison.friedman.p)
        yield Statistic("kendall_w", value=comparison.friedman.kendall_w)
        yield Statistic("critical_difference", value=comparison.critical_difference)
    places = zip(comparison.compared.methods, comparison.mean_places, strict=True)
    for method, place in places:
        yield Statistic("mean_place", method, value=float(place))


def _intervals(analysis: Analysis) -> Iterator[Statistic]:
    found = analysis.bootstrap
    if found is None:
        return
    for name, values, (lows, highs) in (
        ("avg_score", found.score, found.interval("score")),
        ("avg_rank", found.rank, found.interval("rank")),
    ):
        for method, value, low, high in zip(found.methods, values, lows, highs, strict=True):
            yield Statistic(name, method, value=float(value), low=float(low), high=float(high))
    shares = found.first(analysis.options.average)
    for method, share in zip(found.methods, shares, strict=True):
        yield Statistic("first_in_resamples", method, value=float(share))


def _pairs(analysis: Analysis) -> Iterator[Statistic]:
    for pair in analysis.comparison.pairs:
        names = (pair.better, pair.worse)
        yield Statistic("difference", *names, value=pair.difference)
        for name in ("wins", "ties", "losses"):
            yield Statistic(name, *names, value=getattr(pair, name))
        yield Statistic("rank_biserial", *names, value=pair.effect)
        yield from _resampled_difference(analysis, *names)
        for name, p in (("nemenyi_p", pair.nemenyi), ("wilcoxon_holm_p", pair.wilcoxon)):
            if p is not None:
                yield Statistic(name, *names, value=p)
        posterior = analysis.posteriors.get(names)
        if posterior is not None:
            for name in ("better", "equal", "worse"):
                yield Statistic(f"posterior_{name}", *names, value=getattr(posterior, name))


def _resampled_difference(analysis: Analysis, method: str, other: str) -> Iterator[Statistic]:
    if analysis.bootstrap is None or not {method, other} <= set(analysis.bootstrap.methods):
        return
    which = analysis.options.average
    value, low, high = analysis.bootstrap.difference(which, method, other)
    name = "avg_score_difference" if which == "score" else "avg_rank_difference"
    yield Statistic(name, method, other, value=value, low=low, high=high)


def _removals(analysis: Analysis) -> Iterator[Statistic]:
    found = analysis.stability
    if found is None:
        return
    for method, place in zip(found.methods, found.places, strict=True):
        yield Statistic("place", method, value=float(place))
    for removal in found.removals:
        for method, place in zip(found.methods, removal.places, strict=True):
            if not math.isnan(place):
                yield Statistic(
                    f"place_without_{removal.kind}",
                    method,
                    removed=removal.removed,
                    value=float(place),
                )
