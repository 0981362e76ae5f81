"""Where things are on the page: fragments such as ``/lung/embedded/gae/asw``."""

from urllib.parse import quote

from genearena.benchmark.compare.leaderboard import Row
from genearena.benchmark.records.record import TaskInfo

ALL_TASKS = "/*/*"
"""Address of what a method did on every task; no quoted name holds a star."""


def task_address(task: TaskInfo) -> str:
    """Return the address of a task's page."""
    return _join("", task.tissue, task.source)


def row_address(task: str, row: Row) -> str:
    """Return the address of a method's runs on a task, given the task's address."""
    return task + _join("", row.label)


def _join(*names: str) -> str:
    return "/".join(quote(name, safe="") for name in names)
