"""Where jobs are carried out: long-lived processes that may die alone.

A `Supervisor` takes one `WorkerProcess` through jobs under the eyes of a `Watch`. Within that
process `serve` hands them to `Work`, which evaluates them.
"""
