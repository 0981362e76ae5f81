"""Search the settings of one method by the edges it finds among hidden pairs.

Every method has a study of its own, a journal that survives whatever ends this process. Its first
trial is the method as it is; what is tried next is decided by the trials that ended and a seed, so
that a search that was broken off goes on as it would have.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from genearena.benchmark.records.declared import declared_search
from genearena.benchmark.run.evaluation.job import Job, derive_seed
from genearena.benchmark.run.evaluation.validation import CRITERION
from genearena.benchmark.run.tuning.terms import Chosen, Ended, Listener, Terms
from genearena.benchmark.run.workers.events import Finished
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.common.one_line import told
from genearena.methods.registry import is_released
from genearena.methods.settings import is_range

FRUITLESS = 20
"""Trials in a row that fail or repeat earlier ones, after which nothing more is expected."""
_SECONDS, _SETTINGS, _RUN, _REASON = "seconds", "settings", "run", "reason"
"""What a study keeps of a trial, beside its values."""
_REPEATED = "tried before"

optuna.logging.set_verbosity(optuna.logging.ERROR)


@dataclass(eq=False)
class _Trial:
    """A trial under way, with what its hidden sets have given so far."""

    trial: optuna.Trial
    settings: Mapping[str, Any]
    values: list[float] = field(default_factory=list)
    seconds: float = 0.0


class Search:
    """The search of one method.

    Raises
    ------
    UsageError
        If the method is unknown or has nothing to tune.
    DeclarationError
        If it cannot be used.
    """

    def __init__(self, method: str, terms: Terms) -> None:
        self.method = method
        self.terms = terms
        space = {} if is_released(method) else declared_search(method)
        if not space:
            raise UsageError(f"method '{method}' has nothing to tune: it declares no search")
        self._space = {name: _distribution(values) for name, values in space.items()}
        self._default = terms.job(method, {})
        text = json.dumps([space, terms.n_seeds], sort_keys=True)
        self.name = f"{self._default.run_id}.{derive_seed(text):08x}"
        self.seconds = 0.0
        self._fruitless = 0
        self._tried: set[str] = set()
        self._running: dict[int, _Trial] = {}
        self._waiting: list[_Trial] = []

    def open(self, folder: Path) -> None:
        """Begin, or go on with, the study in a folder; nobody else may have it open.

        Raises
        ------
        StoreError
            If its journal cannot be read or written.
        """
        path = folder / f"{self.name}.journal"
        try:
            _mend(path)
            self._study = optuna.create_study(
                storage=JournalStorage(JournalFileBackend(str(path))),
                study_name=self.method,
                direction="maximize",
                pruner=optuna.pruners.MedianPruner(),
                load_if_exists=True,
            )
            for trial in self._trials(TrialState.RUNNING):  # broken off
                self._study.tell(trial.number, state=TrialState.FAIL)
        except Exception as error:
            raise StoreError(
                f"cannot use {path}: {told(error)}; remove it to begin anew"
            ) from error
        self.seconds = sum(trial.user_attrs.get(_SECONDS, 0.0) for trial in self._trials())
        self._tried = {trial.user_attrs[_RUN] for trial in self._ended()}

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing more is to be tried."""
        return not self._running and not self._waiting and self._spent

    @property
    def has_room(self) -> bool:
        """Whether a training can be begun now."""
        under_way = len(self._running) + len(self._waiting)
        return bool(self._waiting) or (under_way < self.terms.at_once and not self._spent)

    def next_job(self, listener: Listener) -> Job | None:
        """Begin a training; None if there turns out to be nothing more to try."""
        left = None if self.terms.budget is None else self.terms.budget - self.seconds
        if self._waiting:
            trial = self._waiting.pop(0)
        elif (asked := self._ask()) is not None:
            trial = asked
        else:
            return None
        if left is not None and left <= 0:
            self._end(trial, TrialState.FAIL, listener, "the budget ended")
            return None
        limits = [limit for limit in (self.terms.timeout, left) if limit is not None]
        job = self.terms.job(self.method, trial.settings, len(trial.values))
        job = replace(job, timeout=min(limits, default=None))
        self._running[id(job)] = trial
        return job

    def finished(self, event: Finished, listener: Listener) -> bool:
        """Take note of a training that ended; False if it was of another search."""
        trial = self._running.pop(id(event.job), None)
        if trial is None:
            return False
        outcome = event.outcome
        trial.seconds += outcome.cost.fit_seconds
        self.seconds += outcome.cost.fit_seconds
        trial.trial.set_user_attr(_SECONDS, trial.seconds)
        result = outcome.metrics.get(CRITERION)
        if outcome.status != "ok" or result is None or result.value is None:
            ended = outcome.status == "timeout" and event.job.timeout != self.terms.timeout
            reason = "the budget ended" if ended else f"{outcome.status}: {outcome.reason}"
            self._end(trial, TrialState.FAIL, listener, reason)
            return True
        trial.values.append(result.value)
        mean = sum(trial.values) / len(trial.values)
        trial.trial.report(mean, len(trial.values))
        if len(trial.values) == self.terms.n_seeds:
            self._end(trial, TrialState.COMPLETE, listener)
        elif trial.trial.should_prune():
            sets = f"{len(trial.values)} of {self.terms.n_seeds} hidden sets"
            self._end(trial, TrialState.PRUNED, listener, f"stopped early, {mean:.3f} on {sets}")
        else:
            self._waiting.append(trial)
        return True

    def chosen(self) -> Chosen:
        """Return what was found so far."""
        ended = self._ended()
        complete = [trial for trial in ended if trial.state == TrialState.COMPLETE]
        failed = [trial for trial in ended if trial.state == TrialState.FAIL]
        best = max(complete, key=lambda trial: trial.value or 0.0, default=None)
        first = next((trial for trial in ended if not trial.user_attrs[_SETTINGS]), None)
        lacking = [trial for trial in (first, *failed[-1:]) if trial in failed]
        return Chosen(
            self.method,
            {} if best is None else best.user_attrs[_SETTINGS],
            None if first is None else first.value,
            None if best is None else best.value,
            len(ended),
            len(ended) - len(complete) - len(failed),
            len(failed),
            self.seconds,
            lacking[0].user_attrs[_REASON] if lacking else "",
        )

    @property
    def _spent(self) -> bool:
        terms = self.terms
        over = terms.budget is not None and self.seconds >= terms.budget
        n_trials = len(self._ended()) + len(self._running) + len(self._waiting)
        return over or n_trials >= (terms.trials or n_trials + 1) or self._fruitless >= FRUITLESS

    def _ask(self) -> _Trial | None:
        """Return settings that were not tried before, None if there seem to be none left."""
        while self._fruitless < FRUITLESS:
            if not self._tried and not self._running:
                default = self._default.method.params
                known = {n: d for n, d in self._space.items() if _holds(d, default.get(n))}
                self._study.enqueue_trial({name: default[name] for name in known})
                trial, settings = self._study.ask(known), {}
            else:
                place = sum(not _broken_off(trial) for trial in self._trials())
                seed = derive_seed(self.terms.seed, self.method, place)
                self._study.sampler = optuna.samplers.TPESampler(seed=seed)
                trial = self._study.ask(self._space)
                settings = {name: _readable(value) for name, value in trial.params.items()}
            run = self.terms.job(self.method, settings).run_id
            trial.set_user_attr(_RUN, run)
            trial.set_user_attr(_SETTINGS, settings)
            if run not in self._tried:
                self._tried.add(run)
                return _Trial(trial, settings)
            self._fruitless += 1
            trial.set_user_attr(_REASON, _REPEATED)
            self._study.tell(trial, state=TrialState.FAIL)
        return None

    def _end(self, trial: _Trial, state: TrialState, listener: Listener, reason: str = "") -> None:
        value = sum(trial.values) / len(trial.values) if state == TrialState.COMPLETE else None
        if reason:
            trial.trial.set_user_attr(_REASON, reason)
        self._study.tell(trial.trial, value, None if state == TrialState.COMPLETE else state)
        self._fruitless = self._fruitless + 1 if state == TrialState.FAIL else 0
        done = self.chosen()
        listener(Ended(self.method, done.trials, trial.settings, value, reason, done.best))

    def _trials(self, *states: TrialState) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=states or None)

    def _ended(self) -> list[FrozenTrial]:
        """Return the trials that were carried out."""
        return [
            trial
            for trial in self._trials(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
            if not _broken_off(trial) and trial.user_attrs.get(_REASON) != _REPEATED
        ]


def _broken_off(trial: FrozenTrial) -> bool:
    # whatever ended this process gave no reason
    return trial.state == TrialState.FAIL and not trial.user_attrs.get(_REASON)


def _distribution(values: Sequence[Any]) -> BaseDistribution:
    """Return what a method declares to be tried of a setting, as optuna has it."""
    if not is_range(values):
        return CategoricalDistribution(values)
    scale, low, high = values
    whole = type(low) is int and type(high) is int
    return (IntDistribution if whole else FloatDistribution)(low, high, log=scale == "log")


def _holds(distribution: BaseDistribution, value: object) -> bool:
    if isinstance(distribution, CategoricalDistribution):
        return value in distribution.choices
    assert isinstance(distribution, (IntDistribution, FloatDistribution))  # noqa: S101 - no others
    return isinstance(value, (int, float)) and distribution.low <= value <= distribution.high


def _readable(value: Any) -> Any:
    return float(f"{value:.3g}") if type(value) is float else value


def _mend(path: Path) -> None:
    """Take away what a process that was killed left of writing."""
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    content = path.read_bytes() if path.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        path.write_bytes(whole)
