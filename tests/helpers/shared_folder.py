"""A process that does made-up jobs in a results folder that others use too.

    python shared_folder.py FOLDER LOG JOBS [--lease SECONDS] [--again] [--no-links] [--stop-at N]

Each job leaves the line ``RUN_ID PID`` in LOG when it is begun. `--again` does stored jobs anew,
`--stop-at N` stops the process (SIGSTOP) in the middle of its N-th job.
"""

import argparse
import errno
import os
import random
import signal
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.modules["fcntl"] = None  # whatever is done here is done without locks

from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.record import Environment, MethodInfo
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.plan import Plan
from genearena.benchmark.run.runner import ClaimedJobs, make_record
from genearena.data.tasks import TaskCard

ENVIRONMENT = Environment(python="3", platform="any", cpu="any", cores=1, packages={})


class Silent:
    """Tells nobody."""

    def waiting(self, jobs, host):
        """Say nothing."""

    def taken_over(self, job, record, host):
        """Say nothing."""


def make_jobs(n):
    """Return jobs of a made-up method on a made-up task."""
    task = TaskCard("lung", "made-up", "5f3a", ())
    method = MethodInfo(
        name="plain", version="1", params={"dim": 2}, control=False, origin="test",
        trained_on="nothing", needs=(), deterministic=True,
    )  # fmt: skip
    return tuple(Job(task, method, seed, "fast", ()) for seed in range(n))


def no_links(*_):
    """Answer as a file system without hard links."""
    raise OSError(errno.EPERM, "Operation not permitted")


def main():
    """Do the jobs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("jobs", type=int)
    parser.add_argument("--lease", type=float, default=60.0)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--no-links", action="store_true")
    parser.add_argument("--stop-at", type=int, default=0)
    options = parser.parse_args()
    if options.no_links:
        os.link = no_links
    store = ResultStore(options.folder)
    stored = {record.run_id: record for record in store.records()}
    jobs = [job for job in make_jobs(options.jobs) if options.again or job.run_id not in stored]
    before = {job.run_id: stored[job.run_id] for job in jobs if job.run_id in stored}
    print("planned", flush=True)
    sys.stdin.readline()
    with Leases(store.records_folder, options.lease) as leases:
        claimed = ClaimedJobs(store, leases, Plan(tuple(jobs), (), before), Silent())
        work(claimed, options)
    print(f"took over {len(claimed.taken_over)}", flush=True)


def work(claimed, options):
    """Do every job that others do not."""
    begun = 0
    for job in claimed.to_do():
        if job is None:
            time.sleep(0.02)
            continue
        begun += 1
        with options.log.open("a") as log:
            log.write(f"{job.run_id} {os.getpid()}\n")
        if begun == options.stop_at:
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(random.random() * 0.005)
        vectors = f"{job.run_id} {os.getpid()}".encode()
        record = make_record(job, Outcome("ok", environment=ENVIRONMENT))
        claimed.keep(job, record, vectors)


if __name__ == "__main__":
    main()
