"""``bench presets``: whether the quick settings rank methods as the published ones do."""

from pathlib import Path

import click

from genearena.benchmark.request import split_names
from genearena.benchmark.results import DEFAULT_FOLDER, ResultStore


@click.command("presets")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Results folder with runs under both presets.",
)
@click.option(
    "--tissue", "tissues", multiple=True, help="Only these tissues; repeat or separate by commas."
)
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
    from genearena.benchmark.preset_agreement import agreements
    from genearena.benchmark.tables.markdown import to_markdown
    from genearena.benchmark.tables.preset_sheets import overall, preset_sheet
    from genearena.benchmark.tables.terminal import to_terminal

    found = agreements(ResultStore(out).records(), split_names(tissues))
    sheets = [preset_sheet(agreement) for agreement in found]
    text = to_markdown(sheets) if style == "md" else to_terminal(sheets)
    click.echo(f"{text}\n{overall(found)}")
