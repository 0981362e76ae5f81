"""Whose fault the death of a worker process is, and what to tell of it."""

import signal

from genearena.benchmark.run.evaluation.outcome import Outcome

# sent by people, schedulers and the kernel's out-of-memory killer; crashes never come as these
FROM_OUTSIDE = frozenset(
    {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGXCPU}
)

_BAD_ACCESS = frozenset({-signal.SIGSEGV, -signal.SIGBUS})


def ending(code: int | None, stage: str, *, running: bool) -> Outcome:
    """Return how a run ended whose worker process died by itself.

    A crash or an exit during the run is the method's doing, except by a signal that somebody
    else sent. Before the run began its method cannot have done anything.

    Parameters
    ----------
    code
        Exit code of the process, negative for a signal; None if it cannot be told.
    stage
        What the worker said last that it was doing.
    running
        Whether the run had begun.
    """
    text = f"the worker process {_how(code)} in {stage or 'starting'}"
    if running and code in _BAD_ACCESS:
        text += "; a write to the graphs, which are read-only, ends like this"
    ours = not running or code is None or (code < 0 and -code in FROM_OUTSIDE)
    return Outcome("failed", text, fault="infrastructure" if ours else "method")


def _how(code: int | None) -> str:
    if code is None:
        return "was lost"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    outside = " from outside" if -code in FROM_OUTSIDE else ""
    return f"was killed by {name}{outside}"


def given_up(outcome: Outcome, attempts: int) -> str:
    """Return the reason of a run that machines have failed every time.

    Parameters
    ----------
    outcome
        The end of the last attempt.
    attempts
        How often the run was begun.
    """
    hint = ""
    if "SIGKILL from outside" in outcome.reason:
        hint = "; systems short of memory do this: lower --jobs or set --memory"
    return f"not the method's fault, {attempts} attempts: {outcome.reason}{hint}"
