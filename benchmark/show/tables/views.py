"""The views of a leaderboard by the words that users have for them."""

from collections.abc import Mapping

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.show.tables.headline_sheet import headline_sheet
from genearena.benchmark.show.tables.sheet import VIEWS, Sheet, View
from genearena.benchmark.show.tables.task_sheet import task_sheet

HEADLINE = "headline"
COUNTS = "counts"
_OF_METRICS: Mapping[str, View] = {"paper" if view == "raw" else view: view for view in VIEWS}
WORDS = (HEADLINE, COUNTS, *_OF_METRICS)


def task_view(board: Leaderboard, word: str, *, cost: bool) -> Sheet:
    """Return the table of a task in a view that has one: all but ``counts``."""
    if word == HEADLINE:
        return headline_sheet(board, cost=cost)
    return task_sheet(board, view=_OF_METRICS[word], cost=cost)
