"""``bench reproduce``: run an experiment of the paper again, and say what of it holds."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options, run
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.data.common.errors import UsageError, did_you_mean

FOLDER = Path("results") / "reproduce"


@click.command("reproduce", context_settings={"ignore_unknown_options": True})
@click.argument("what")
@click.argument("words", metavar="[OPTIONS OF RUN]...", nargs=-1, type=click.UNPROCESSED)
@options.style("table", "md", "latex")
@options.output("Write the tables to this file instead of the screen.")
def command(what: str, words: Sequence[str], style: str, output: Path | None) -> None:
    """Run the experiments of one of the paper's tables again, and compare.

    WHAT is the number of a table (3 to 9 or 13), the name of an experiment that comes with the
    suite (loss-terms, encoders, ...), or an experiment file with claims. The options of 'bench run'
    win over the experiment: --tissue, --source, --seeds, --preset, --set, --out.
    Results go to results/reproduce unless --out says otherwise.
    """
    from genearena.benchmark.compare.build import build_leaderboards
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.run.experiment import read_experiment
    from genearena.benchmark.show.paper.reproduced import reproduced_sheets

    found: list[Sheet] = []
    for path in _experiments(what):
        request, defaults = [str(path), *words], {"out": FOLDER}
        with run.command.make_context("reproduce", request, default_map=defaults) as context:
            plan = run.command.invoke(context)
        if context.params["dry_run"] or context.params["probe"]:
            continue
        records = [
            record.model_copy(update={"label": plan.names[record.run_id]})
            for record in ResultStore(context.params["out"]).records()
            if record.run_id in plan.names
        ]
        experiment, _ = read_experiment(path)
        sheets = reproduced_sheets(path.stem, experiment, build_leaderboards(records))
        found += sheets
        if output is None:
            deliver(laid_out(sheets, style))
    if output is not None and found:
        deliver(laid_out(found, style, output), output)


def _experiments(what: str) -> tuple[Path, ...]:
    """Return the experiments of a table, or the one of a name, or a file."""
    from genearena.benchmark.run.experiment import shipped

    known = shipped()
    if what.isdecimal():
        by_table: dict[int, list[Path]] = {}
        for path in known:
            for table in tomllib.loads(path.read_text("utf-8"))["tables"]:
                by_table.setdefault(table, []).append(path)
        if int(what) not in by_table:
            numbers = ", ".join(map(str, sorted(by_table)))
            raise UsageError(f"no experiment is of Table {what}; there are those of {numbers}")
        return tuple(by_table[int(what)])
    named = [path for path in known if path.stem == what]
    if not named and not Path(what).exists():
        raise UsageError(
            f"there is no experiment or file '{what}'; "
            f"{did_you_mean(what, [path.stem for path in known])}"
        )
    return tuple(named) or (Path(what),)
