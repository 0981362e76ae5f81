"""What the statistics amount to, in words."""

from collections.abc import Iterator, Sequence

from genearena.benchmark.compare.analysis import Analysis
from genearena.benchmark.compare.comparison import MIN_BLOCKS, Comparison, Pair
from genearena.benchmark.compare.scores import AVERAGES, Compared
from genearena.benchmark.compare.stability import KINDS, Stability

NO_PARTS = "records without values of single donors give no intervals"


def conclusion(analysis: Analysis) -> str:
    """Return one sentence: which methods are told apart from the first, and by what."""
    if len(analysis.comparison.order) < 2:
        return (
            "Nothing to compare: fewer than two methods have results on every tissue; "
            "--tissue takes those they share"
        )
    if analysis.comparison.untestable:
        return _by_intervals(analysis)
    return _by_tests(analysis.comparison)


def _by_tests(comparison: Comparison) -> str:
    n = len(comparison.compared.blocks)
    if comparison.friedman is None:
        pair = comparison.pairs[0]
        p = f"Wilcoxon {p_equation(pair.wilcoxon)}"
        if _below(pair.wilcoxon, comparison.alpha):
            return f"{pair.better} is better than {pair.worse} over {n} tissues ({p})"
        return f"{pair.better} and {pair.worse} are not told apart over {n} tissues ({p})"
    omnibus = f"Friedman {p_equation(comparison.friedman.p)}"
    if comparison.friedman.p >= comparison.alpha:
        return f"No methods are told apart over {n} tissues ({omnibus})"
    first = comparison.order[0]
    pairs = [p for p in comparison.pairs if p.better == first]
    beaten = [p for p in pairs if _below(p.nemenyi, comparison.alpha)]
    equal = [p for p in pairs if p not in beaten]
    verdict = _verdict(first, _with_p(beaten, "≤"), _with_p(equal, "≥"))
    return f"{verdict} over {n} tissues (Nemenyi; {omnibus})"


def _verdict(first: str, beaten: str, equal: str, claim: str = "better than") -> str:
    parts = [f"{first} is not told apart from {equal}"] if equal else []
    if beaten:
        parts.append(f"{'but' if equal else first} is {claim} {beaten}")
    return " ".join(parts)


def _with_p(pairs: Sequence[Pair], bound: str) -> str:
    if not pairs:
        return ""
    ps = [p.nemenyi or 0.0 for p in pairs]
    # the p-value nearest to the level bounds the others
    p = p_equation(max(ps) if bound == "≤" else min(ps), "=" if len(pairs) == 1 else bound)
    return f"{join([pair.worse for pair in pairs])} ({p})"


def _by_intervals(analysis: Analysis) -> str:
    resampled, which = analysis.bootstrap, analysis.options.average
    first, *others = analysis.comparison.order
    if resampled is None or first not in resampled.methods:
        return f"{analysis.comparison.untestable.capitalize()}, and {NO_PARTS}"
    label, higher = AVERAGES[which]
    known = [other for other in others if other in resampled.methods]
    gaps = {other: resampled.difference(which, first, other) for other in known}
    ahead = [o for o, (_, low, high) in gaps.items() if (low > 0 if higher else high < 0)]
    equal = [o for o in known if o not in ahead]
    verdict = _verdict(first, join(ahead), join(equal), "ahead of")
    reason = analysis.comparison.untestable.capitalize()
    level = f"{100 * resampled.level:g} % bootstrap intervals"
    return f"{reason}; by {level} of differences of {label} {verdict}"


def stability_sentence(found: Stability) -> str:
    """Return one sentence: how often the first method stays first, and what unseats it."""
    label, _ = AVERAGES[found.by]
    if not found.removals:
        what = found.named("metric")
        return f"Nothing can be left out: one tissue, one {what} and fewer than three methods"
    if len(found.leaders) > 1:
        return f"{join(found.leaders)} share the first place by {label}"
    leader = found.leaders[0]
    stays, total = found.first(leader)
    by_kind = [(found.named(kind), *found.first(leader, kind)) for kind in KINDS]
    counts = [f"{first} of {tried} single {kind}s" for kind, first, tried in by_kind if tried]
    text = f"{leader} stays first by {label} in {stays} of {total} removals ({', '.join(counts)})"
    unseated = list(_unseated(found, leader))
    return text + (f"; {'; '.join(unseated)}" if unseated else "")


def _unseated(found: Stability, leader: str) -> Iterator[str]:
    i = found.methods.index(leader)
    causes: dict[str, list[str]] = {}
    for removal in found.removals:
        if removal.places[i] > 1:
            first = [m for m, p in zip(found.methods, removal.places, strict=True) if p == 1]
            causes.setdefault(join(first), []).append(removal.removed)
    for leaders, removed in causes.items():
        yield f"{leaders} leads without {join(removed, 'or')}"


def notes(analysis: Analysis) -> Iterator[str]:
    """Yield what limits the numbers: too few tissues, methods left out, ties, simulated data."""
    comparison = analysis.comparison
    compared = comparison.compared
    if analysis.instead:
        yield f"No method has a headline here: by {compared.label} instead"
    if comparison.untestable:
        yield (
            f"Tests need {MIN_BLOCKS} tissues and 2 methods: {comparison.untestable}, "
            "hence intervals instead of p-values"
        )
    yield from _left_out(compared)
    yield from _power(comparison)
    tied = sum(len(set(row)) < len(row) for row in compared.values.tolist())
    if tied:
        yield f"Equal values on {tied} of {len(compared.blocks)} tissues share their mean place"
    yield from _resampling(analysis)
    if 0 < len(analysis.simulated) < len(analysis.scores.blocks):
        yield f"SIMULATED data: {', '.join(analysis.simulated)}"


def _left_out(compared: Compared) -> Iterator[str]:
    for method, blocks in compared.missing.items() if compared.blocks else ():
        yield f"{method} is not compared: no {compared.label} on {', '.join(blocks)}"
    if compared.left_out:
        yield f"No method has {compared.label} on {', '.join(compared.left_out)}: not compared"


def _power(comparison: Comparison) -> Iterator[str]:
    smallest = comparison.smallest_wilcoxon
    if not comparison.untestable and smallest >= comparison.alpha:
        yield (
            f"Wilcoxon-Holm cannot tell any pair apart here: over {len(comparison.pairs)} pairs "
            f"and {len(comparison.compared.blocks)} tissues its p is at least {p_value(smallest)}"
        )


def _resampling(analysis: Analysis) -> Iterator[str]:
    if analysis.bootstrap is None:
        return
    n = len(analysis.bootstrap.blocks)
    what = f"Intervals: {100 * analysis.bootstrap.level:g} %, {analysis.bootstrap.n_resamples}"
    drawn = "donors and seeds" if analysis.options.average == "headline" else "seeds"
    if n == 1:
        yield f"{what} resamples of {drawn}; with one tissue they say nothing about other tissues"
    else:
        narrow = f"; with {n} tissues they are too narrow" if n < MIN_BLOCKS else ""
        yield f"{what} resamples of tissues and of {drawn} within them{narrow}"
    if len({block.partition(" (")[0] for block in analysis.bootstrap.blocks}) < n:
        yield "Sources of one tissue count as separate tissues; --source keeps one"


def p_value(p: float | None) -> str:
    """Return a p-value with as many digits as matter; – for None."""
    if p is None:
        return "\N{EN DASH}"
    if p < 0.0001:
        return "< 0.0001"
    return f"{p:.2f}" if p >= 0.1 else f"{p:.2g}"


def p_equation(p: float | None, sign: str = "=") -> str:
    """Return ``p = 0.04``, or ``p < 0.0001``."""
    text = p_value(p)
    return f"p {text}" if text.startswith("<") else f"p {sign} {text}"


def join(words: Sequence[str], last: str = "and") -> str:
    """Join words the English way."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _below(p: float | None, alpha: float) -> bool:
    return p is not None and p < alpha
