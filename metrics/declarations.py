"""What is wrong with a metric's declarations: everything at once, and before any run."""

from genearena.data.common.declarations import CALLABLE, FLAG, NUMBER, faults_of, line_of, subset_of
from genearena.data.common.one_line import shown
from genearena.data.common.registry import LONGEST_NAME
from genearena.metrics.base import Metric

NEEDS = ("new donor", "truth")
CHANGES = ("scale", "shift", "rotation", "order")

_WANTED = {
    "name": line_of(LONGEST_NAME),
    "label": line_of(40),
    "function": CALLABLE,
    "higher_is_better": FLAG,
    "low": NUMBER,
    "high": NUMBER,
    **dict.fromkeys(("cites", "equation", "remark", "summary"), line_of(500, least=0)),
    "group": line_of(40, least=0),
    "needs": subset_of(*NEEDS),
    "scored": FLAG,
    "headline": FLAG,
    "version": line_of(100),
    "changes_with": subset_of(*CHANGES),
}


def metric_faults(metric: object) -> list[str]:
    """Return one line for everything that is wrong with a metric, none if it can be computed."""
    if not isinstance(metric, Metric):
        return [f"it is {shown(metric)}, want a genearena.metrics.base.Metric"]
    found = faults_of(metric, _WANTED)
    if not {line.partition(" ")[0] for line in found} & {"low", "high"}:
        # also where one of them is no number
        found += [] if metric.low < metric.high else [f"low {metric.low} is not below high"]
    return found
