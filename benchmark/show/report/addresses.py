"""Where things are on the page: fragments such as ``/lung/embedded/gae/asw``."""

from urllib.parse import quote

from genearena.benchmark.compare.leaderboard import Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.records.record import TaskInfo

ALL_TASKS = "/*/*"
"""Address of what a method did on every task; no quoted name holds a star."""


def task_address(task: TaskInfo) -> str:
    """Return the address of a task's page."""
    return _join("", task.tissue, task.source)


def row_address(task: str, row: Row) -> str:
    """Return the address of a method's runs on a task, given the task's address."""
    return task + _join("", row.label)


def cell_address(task: str, row: Row, metric: MetricColumn) -> str:
    """Return the address of the runs behind one number, given the task's address."""
    return row_address(task, row) + _join("", metric.name)


def _join(*names: str) -> str:
    return "/".join(quote(name, safe="") for name in names)
