"""``bench presets``: whether the quick settings rank methods as the published ones do."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import stored_records


@click.command("presets")
@options.results_folder()
@options.tissues
@options.style("table", "md")
def command(out: Path, tissues: tuple[str, ...], style: str) -> None:
    """Compare the presets 'fast' and 'paper' on the methods and tasks that have both.

    Every entry reads paper / fast. The last line says how alike the two order the methods.
    """
    from genearena.benchmark.compare.preset_agreement import agreements
    from genearena.benchmark.show.tables.preset_sheets import overall, preset_sheet

    found = agreements(stored_records(out), tissues)
    deliver(f"{laid_out([preset_sheet(each) for each in found], style)}\n{overall(found)}\n")
