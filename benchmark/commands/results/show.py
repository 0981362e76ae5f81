"""``bench results show``: all that is known of one run."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.record_files import record_paths
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.tables.numbers import NOT_MEASURED
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell

MOST_NAMED = 5


@click.command("show")
@click.argument("run_id")
@options.results_folder()
@options.style("table", "json")
def show(run_id: str, out: Path, style: str) -> None:
    """Show all that is known of a run: RUN_ID or its beginning (lung.pca.s0), or its last part."""
    store = ResultStore(out)
    record = store.record(_find(run_id, store))
    if record is None:
        raise UsageError(f"run {run_id} was removed just now")
    if style == "json":
        # as it is stored, but that JSON's own escapes stand for all that is not ASCII
        deliver(json.dumps(json.loads(record.model_dump_json()), indent=1) + "\n")
        return
    for line in _lines(record, store):
        tell(line)


def _find(wanted: str, store: ResultStore) -> str:
    run_ids = [path.name.removesuffix(".json") for path in record_paths(store.records_folder)]
    try:
        return _one_of(run_ids, wanted, store)
    except UsageError:
        # records of earlier schemas lie under other names than the ids of their runs
        return _one_of([record.run_id for record in store.records()], wanted, store)


def _one_of(run_ids: Sequence[str], wanted: str, store: ResultStore) -> str:
    for fits in (
        lambda run_id: wanted in (run_id, run_id.rpartition(".")[2]),
        lambda run_id: run_id.startswith(f"{wanted}."),  # s1 is not the beginning of s10
        lambda run_id: run_id.startswith(wanted),
    ):
        found = [run_id for run_id in run_ids if fits(run_id)]
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "")
            raise UsageError(f"'{wanted}' is the beginning of {len(found)} runs: {named}")
    raise UsageError(f"no run '{wanted}' in {store.folder}; see bench results list")


def _lines(record: RunRecord, store: ResultStore) -> Iterable[str]:
    plain = record.model_dump(mode="json", exclude={"metrics", "traceback"})
    added = record.cost.added_rss_bytes
    plain["cost"]["added_rss_bytes"] = NOT_MEASURED if added is None else added
    plain["metrics"] = {name: _metric(result) for name, result in record.metrics.items()}
    yield from _facts({k: v for k, v in plain.items() if not isinstance(v, dict)})
    for part in ("task", "method", "cost", "environment", "origin", "metrics"):
        if plain[part]:
            yield from ("", part, *_facts(plain[part], indent=2))
    yield from ("", f"record   {store.record_path(record.run_id)}")
    if record.embedding is not None:
        yield f"vectors  {store.embedding_path(record)}"
    if record.traceback:
        yield from ("", *record.traceback.splitlines())


def _facts(values: Mapping[str, object], indent: int = 0) -> Iterable[str]:
    width = max(map(len, values), default=0)
    for name, value in values.items():
        if isinstance(value, dict):
            yield f"{'':{indent}}{name}"
            yield from _facts(value, indent + 2)
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            shown = "-" if text is None or text == "" else text
            yield f"{'':{indent}}{name:{width}}  {shown}"


def _metric(result: MetricResult) -> str:
    value = "-" if result.value is None else f"{result.value:.6g}"
    remarks = [result.status] * (result.status != "ok") + [result.flag] * bool(result.flag)
    return value + (f"  ({': '.join(remarks)})" if remarks else "")
