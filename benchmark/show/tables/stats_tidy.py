"""Tests, intervals and stability as one tidy table, csv or JSON, with every number in full."""

import json
import math
from collections.abc import Iterator
from typing import Any

from genearena.benchmark.compare.analysis import Analysis
from genearena.benchmark.compare.scores import AVERAGES, Average
from genearena.benchmark.compare.sentences import conclusion, notes, stability_sentence
from genearena.data.common.csv_text import csv_text

COLUMNS = ("statistic", "method", "other", "removed", "value", "low", "high")


def statistics_of(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Yield every number of an analysis: of which method or pair, with what left out, interval."""
    comparison, found = analysis.comparison, analysis.stability
    if comparison.friedman is not None:
        yield _number("friedman_chi2", comparison.friedman.statistic)
        yield _number("friedman_p", comparison.friedman.p)
        yield _number("kendall_w", comparison.friedman.kendall_w)
        yield _number("critical_difference", comparison.critical_difference)
    for method, place in zip(comparison.compared.methods, comparison.mean_places, strict=True):
        yield _number("mean_place", place, method)
    yield from _intervals(analysis)
    yield from _pairs(analysis)
    if found is None:
        return
    for method, place in zip(found.methods, found.places, strict=True):
        yield _number("place", place, method)
    for removal in found.removals:
        for method, place in zip(found.methods, removal.places, strict=True):
            if not math.isnan(place):
                what = f"place_without_{removal.kind}"
                yield _number(what, place, method, removed=removal.removed)


def stats_csv(analysis: Analysis) -> str:
    """Write one row per number; floats read back to the same bits, an empty field is no number."""
    return csv_text(COLUMNS, statistics_of(analysis))


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
        "statistics": list(statistics_of(analysis)),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _number(
    statistic: str,
    value: float | None,
    method: str = "",
    other: str = "",
    *,
    removed: str = "",
    interval: tuple[float, float] | None = None,
) -> dict[str, Any]:
    row = {"statistic": statistic, "method": method, "other": other, "removed": removed}
    present: dict[str, Any] = {name: text for name, text in row.items() if text}
    if value is not None:
        # counts stay whole
        present["value"] = value if isinstance(value, int) else float(value)
    if interval is not None:
        present |= {"low": float(interval[0]), "high": float(interval[1])}
    return present


def _intervals(analysis: Analysis) -> Iterator[dict[str, Any]]:
    found = analysis.bootstrap
    if found is None:
        return
    for which, values in found.observed.items():
        lows, highs = found.interval(which)
        for method, value, low, high in zip(found.methods, values, lows, highs, strict=True):
            yield _number(_name(which), value, method, interval=(low, high))
    shares = found.first(analysis.options.average)
    for method, share in zip(found.methods, shares, strict=True):
        yield _number("first_in_resamples", share, method)


def _name(which: Average) -> str:
    return AVERAGES[which][0].lower().replace(" ", "_")


def _pairs(analysis: Analysis) -> Iterator[dict[str, Any]]:
    found, which = analysis.bootstrap, analysis.options.average
    for pair in analysis.comparison.pairs:
        names = (pair.better, pair.worse)
        yield _number("difference", pair.difference, *names)
        for name in ("wins", "ties", "losses"):
            yield _number(name, getattr(pair, name), *names)
        yield _number("rank_biserial", pair.effect, *names)
        if found is not None and {*names} <= {*found.methods}:
            value, low, high = found.difference(which, *names)
            yield _number(f"{_name(which)}_difference", value, *names, interval=(low, high))
        for name, p in (("nemenyi_p", pair.nemenyi), ("wilcoxon_holm_p", pair.wilcoxon)):
            if p is not None:
                yield _number(name, p, *names)
        posterior = analysis.posteriors.get(names)
        if posterior is not None:
            for name in ("better", "equal", "worse"):
                yield _number(f"posterior_{name}", getattr(posterior, name), *names)
