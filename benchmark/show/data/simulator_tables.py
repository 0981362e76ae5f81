"""What CS-CORE makes of simulated counts, as tables."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np

from genearena.benchmark.show.tables.sheet import Sheet, listing
from genearena.data.simulation.validation import BINS, PairCalls


def false_edge_table(calls: Sequence[PairCalls]) -> Sheet:
    """Return one row per setting and modality: the share of independent pairs that are edges."""
    rows = (_false_edges(*setting, chosen) for setting, chosen in _settings(calls))
    return listing(
        "edges among genes that are independent in truth",
        rows,
        names=("programmes", "depth", "modality"),
        numbers=("samples", "pairs", "false edges", "range over samples"),
    )


def _false_edges(
    programmes: bool, depth: str, modality: str, calls: Sequence[PairCalls]
) -> Sequence[str]:
    pairs = sum(int(call.independent.sum()) for call in calls)
    edges = sum(int(call.edge[call.independent].sum()) for call in calls)
    rates = [call.false_edge_rate for call in calls]
    return (
        *("yes" if programmes else "none", depth, modality, str(len(calls)), str(pairs)),
        _rate(edges / pairs if pairs else float("nan")),
        f"{_rate(min(rates))} to {_rate(max(rates))}",
    )


def power_table(calls: Sequence[PairCalls]) -> Sheet:
    """Return one row per bin of true |r|: the mean share of its pairs that are edges."""
    powers = {
        f"{modality}, {depth} depth": np.array([call.power() for call in chosen])
        for (programmes, depth, modality), chosen in _settings(calls)
        if programmes
    }

    def rows() -> Iterator[Sequence[str]]:
        for k, (low, high) in enumerate(pairwise(BINS)):
            told = [own[:, k][~np.isnan(own[:, k])] for own in powers.values()]
            shares = (_rate(float(some.mean())) if len(some) else "-" for some in told)
            yield (f"{low:g} to {high:g}", *shares)

    title = "pairs found by true correlation |r|, mean over samples"
    return listing(title, rows(), names=("|r|",), numbers=tuple(powers))


def _settings(calls: Sequence[PairCalls]) -> list[tuple[tuple[bool, str, str], list[PairCalls]]]:
    def setting(call: PairCalls) -> tuple[bool, str, str]:
        return call.programmes, call.depth, call.modality

    ordered = sorted(calls, key=setting)
    return [(key, list(chosen)) for key, chosen in groupby(ordered, setting)]


def _rate(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.2f} %"
