"""Where jobs are carried out: long-lived processes that may die alone.

`events` says what every executor yields, `pool` is the one of this machine. A `Supervisor`
(`supervise`) takes one worker process (`process`, whose inside is `serve`) through jobs.
"""
