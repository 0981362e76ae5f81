"""What CS-CORE makes of simulated counts, as terminal tables."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from genearena.data.simulation.validation import BINS, PairCalls


def false_edge_table(calls: Sequence[PairCalls]) -> Table:
    """Return one row per setting and modality: the share of independent pairs that are edges."""
    table = _table("edges among genes that are independent in truth")
    for heading in ("programmes", "depth", "modality"):
        table.add_column(heading)
    for heading in ("samples", "pairs", "false edges", "range over samples"):
        table.add_column(heading, justify="right")
    for (programmes, depth, modality), chosen in _settings(calls):
        pairs = sum(int(call.independent.sum()) for call in chosen)
        edges = sum(int(call.edge[call.independent].sum()) for call in chosen)
        rates = [call.false_edge_rate for call in chosen]
        table.add_row(
            *("yes" if programmes else "none", depth, modality, str(len(chosen)), str(pairs)),
            _percent(edges / pairs if pairs else float("nan")),
            f"{_percent(min(rates))} to {_percent(max(rates))}",
        )
    return table


def power_table(calls: Sequence[PairCalls]) -> Table:
    """Return one row per bin of true |r|: the mean share of its pairs that are edges."""
    table = _table("pairs found by true correlation |r|, mean over samples")
    table.add_column("|r|")
    columns = []
    for (programmes, depth, modality), chosen in _settings(calls):
        if programmes:
            table.add_column(f"{modality}, {depth} depth", justify="right")
            columns.append(np.array([call.power() for call in chosen]))
    for k, (low, high) in enumerate(pairwise(BINS)):
        told = [powers[:, k][~np.isnan(powers[:, k])] for powers in columns]
        shares = (_percent(float(some.mean())) if len(some) else "-" for some in told)
        table.add_row(f"{low:g} to {high:g}", *shares)
    return table


def _settings(
    calls: Sequence[PairCalls],
) -> list[tuple[tuple[bool, str, str], list[PairCalls]]]:
    def setting(call: PairCalls) -> tuple[bool, str, str]:
        return call.programmes, call.depth, call.modality

    ordered = sorted(calls, key=setting)
    return [(key, list(chosen)) for key, chosen in groupby(ordered, setting)]


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.2f} %"
