"""Run a few actors step by step through every order of their steps, as far as a bound allows.

An actor is a function of one argument, a gate: it calls the gate before every step that others
might see. Between two calls it runs alone. Orders are explored depth first, with a bound on how
often a running actor is interrupted (few interruptions find nearly all races).
"""

import threading


class Crash(BaseException):
    """Ends an actor at a gate, as SIGKILL would."""


class _Actor:
    def __init__(self, function):
        self.turn = threading.Lock()  # held but for an instant: releasing one hands over
        self.back = threading.Lock()
        self.turn.acquire()
        self.back.acquire()
        self.over = False
        self.crashes = False
        self.error = None
        self.thread = threading.Thread(target=self._run, args=(function,), daemon=True)
        self.thread.start()

    def _run(self, function):
        self.turn.acquire()
        try:
            if not self.crashes:
                function(self.gate)
        except Crash:
            pass
        except BaseException as error:  # noqa: BLE001 - told to the explorer
            self.error = error
        self.over = True
        self.back.release()

    def gate(self):
        """Let others run; go on when it is this actor's turn again."""
        self.back.release()
        self.turn.acquire()
        if self.crashes:
            raise Crash

    def step(self):
        self.turn.release()
        self.back.acquire()
        if self.error is not None:
            raise self.error


def explore(scenario, *, interruptions, crashes=0):
    """Run a scenario in every order and return how many there were.

    `scenario()` makes a fresh state and returns (functions, crashed, finish): the actors; what is
    told the number of an actor that crashes; and what checks the end state.
    """
    pending, runs = [()], 0
    while pending:
        prefix = pending.pop()
        pending.extend(_one_run(scenario, prefix, interruptions, crashes))
        runs += 1
    return runs


def _one_run(scenario, prefix, interruptions, crashes):
    """Follow `prefix`, then go on without interruption; return the prefixes that branch off."""
    functions, crashed, finish = scenario()
    actors = [_Actor(function) for function in functions]
    branches, path, current = [], [], None
    while alive := [i for i, actor in enumerate(actors) if not actor.over]:
        choices = [(i, False) for i in alive] + [(i, True) for i in alive if crashes]
        if len(path) < len(prefix):
            choice = prefix[len(path)]
        else:
            choice = (current, False) if current in alive else choices[0]
            for other in choices:
                costs = current in alive and other[0] != current and not other[1]
                if other != choice and interruptions - costs >= 0:
                    branches.append((*path, other))
        who, dies = choice
        interruptions -= current in alive and who != current and not dies
        crashes -= dies
        path.append(choice)
        if dies:
            actors[who].crashes = True
            crashed(who)
        else:
            current = who
        actors[who].step()
    finish()
    return branches
