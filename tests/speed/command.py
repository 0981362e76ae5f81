"""``bench speed``: time the suite beside plain implementations."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.data.common.screen import tell
from speed.catalogue import PARTS, choose
from speed.sheet import Sheet
from speed.sizes import SIZES


@click.command("speed")
@click.option("--threads", type=click.IntRange(1), help="Threads of linear algebra  [default: all]")
@click.option(
    "--repeats",
    type=click.IntRange(1),
    default=11,
    show_default=True,
    help="Rounds of each timing.",
)
@click.option(
    "--size",
    type=click.Choice(list(SIZES)),
    default="full",
    show_default=True,
    help="1000 genes x 1000 cells, or a quick trial.",
)
@click.option("--only", help=f"Parts with commas between them: {', '.join(PARTS)}.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the tables into this Markdown file.",
)
def command(
    threads: int | None, repeats: int, size: str, only: str | None, out: Path | None
) -> None:
    """Time the suite beside plain implementations of the same mathematics.

    Each pair is measured in turns in this process, so that ratios hold on a busy machine too;
    absolute times want an idle one. The plain models are built on torch-geometric.
    """
    from rich.console import Console

    from speed.bench import Bench
    from speed.catalogue import measure
    from speed.machine import machine
    from speed.render import print_sheet
    from speed.threads import cores, limited_to

    parts = choose(only)
    bench = Bench(SIZES[size], repeats, threads or cores())
    intro = machine(bench.threads, size, repeats)
    console = Console()
    console = console if console.is_terminal else Console(width=100)
    for sentence in intro:
        console.print(sentence, markup=False, highlight=False)
    console.print()
    sheets: list[Sheet] = []
    # written before the work, too: a folder that cannot be written to shows at once
    _write(out, intro, sheets)
    with limited_to(bench.threads):
        for part in parts:
            tell(f"measuring {part}: {PARTS[part].summary}", err=True)
            sheets.append(measure(part, bench))
            print_sheet(console, sheets[-1])
            _write(out, intro, sheets)
    if out is not None:
        tell(f"wrote {out}")


def _write(out: Path | None, intro: Sequence[str], sheets: Sequence[Sheet]) -> None:
    from genearena.data.common.atomic import write_atomically
    from speed.render import to_markdown

    if out is not None:
        text = to_markdown(intro, sheets)
        write_atomically(out, lambda path: path.write_text(text, encoding="utf-8"))
