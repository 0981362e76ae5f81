"""``bench presets``: whether the quick settings rank methods as the published ones do."""

from pathlib import Path

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.output import deliver, terminal_text
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.run.request import split_names


@click.command("presets")
@result_options.results_folder
@result_options.tissues
@click.option(
    "--format",
    "style",
    type=click.Choice(["terminal", "md"]),
    default="terminal",
    show_default=True,
)
def command(out: Path, tissues: tuple[str, ...], style: str) -> None:
    """Compare the presets 'fast' and 'paper' on the methods and tasks that have both.

    Every entry reads paper / fast. The last line says how alike the two order the methods.
    """
    from genearena.benchmark.compare.preset_agreement import agreements
    from genearena.benchmark.show.tables.markdown import to_markdown
    from genearena.benchmark.show.tables.preset_sheets import overall, preset_sheet

    found = agreements(stored_records(out), split_names(tissues, "--tissue"))
    sheets = [preset_sheet(agreement) for agreement in found]
    text = to_markdown(sheets) if style == "md" else terminal_text(sheets, to_file=False)
    deliver(f"{text}\n{overall(found)}\n", None)
