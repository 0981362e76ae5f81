"""Everything `bench stats` says about one set of leaderboards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from genearena.benchmark.compare.bootstrap import Bootstrap, bootstrap
from genearena.benchmark.compare.comparison import (
    ROPE,
    Comparison,
    Posterior,
    compare,
    posteriors,
)
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import (
    Average,
    Scores,
    average_named,
    compare_by,
    leading_average,
    read_scores,
)
from genearena.benchmark.compare.stability import Stability, stability


@dataclass(frozen=True)
class Options:
    """What to compare by (``headline``, ``rank``, ``score`` or the name of a metric) and how.

    `alpha` is the level of the tests, and intervals hold 1 - alpha; `bayes` adds posteriors, for
    which differences up to `rope`, in units of what is compared, have no practical importance.
    """

    by: str = "headline"
    alpha: float = 0.05
    bayes: bool = False
    rope: float = ROPE

    @property
    def average(self) -> Average:
        """Average that orders methods in intervals and stability."""
        return average_named(self.by) or "rank"


@dataclass(frozen=True, eq=False)
class Analysis:
    """Tests, intervals and stability of one set of leaderboards; None where nothing is left.

    `options` are those in force: where no method has a headline Avg Rank is `instead` of it.
    """

    options: Options
    instead: bool
    scores: Scores
    comparison: Comparison
    posteriors: Mapping[tuple[str, str], Posterior]
    bootstrap: Bootstrap | None
    stability: Stability | None

    @property
    def simulated(self) -> tuple[str, ...]:
        """Names of the tasks whose data are simulated."""
        return tuple(block.name for block in self.scores.blocks if block.simulated)


def analyse(boards: Sequence[Leaderboard], options: Options) -> Analysis:
    """Compare the competing methods of leaderboards.

    Raises
    ------
    UsageError
        If `options` names a metric without results or a rope that is not positive.
    """
    asked, by = options.by, options.by
    if asked == "headline":
        by = leading_average(boards)
    options = replace(options, by=by)
    scores = read_scores(boards, options.by)
    comparison = compare(compare_by(scores, options.by), options.alpha)
    answered, level = scores.answered(), 1 - options.alpha
    return Analysis(
        options=options,
        instead=by != asked,
        scores=scores,
        comparison=comparison,
        posteriors=posteriors(comparison, rope=options.rope) if options.bayes else {},
        bootstrap=bootstrap(answered, level=level),
        stability=stability(answered, options.average),
    )
