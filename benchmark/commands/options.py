"""The options that several commands take: one word and one default for one thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from genearena.benchmark.records.results import DEFAULT_FOLDER
from genearena.benchmark.run.request import NO_GROUPS, split_names
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import caution

T = TypeVar("T")
Decorator = Callable[[T], T]

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)
MODALITY = click.Choice(["scrna", "scatac", "spatial"])


def names(
    option: str,
    param: str,
    about: str,
    groups: Mapping[str, Sequence[str]] = NO_GROUPS,
    **more: Any,
) -> Decorator[Any]:
    """Return an option of names, repeated or with commas between them; see `split_names`."""

    def split(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
        return split_names(given, option, groups)

    return click.option(option, param, multiple=True, callback=split, help=about, **more)


def choice(*words: str, of: Sequence[str], about: str = "") -> Decorator[Any]:
    """Return an option, its words as click takes them, of some values, by default the first."""
    return click.option(*words, type=click.Choice(of), default=of[0], help=about or None)


def split(command: Any) -> Any:
    """Add ``--protocol`` and ``--split-seed``: which cells go into the graphs."""
    protocol = choice(
        "--protocol",
        of=("split", "paper"),
        about="split: half of each donor's cells make its graph, the others are kept back to score "
        "methods with; paper: all cells make the graph.",
    )
    seed = click.option(
        "--split-seed", default=0, type=click.IntRange(0), help="Which half of the cells."
    )
    return protocol(seed(command))


def style(*values: str, about: str = "") -> Decorator[Any]:
    """Return ``--format``, passed on as `style`."""
    return choice("--format", "style", of=values, about=about)


def output(about: str, *, former: str = "", kind: click.Path = FILE, **more: Any) -> Decorator[Any]:
    """Return ``--output``: where a command writes to.

    What the command called it up to version 0.1 (`former`) still works; see `renamed`.
    """
    present = click.option("--output", type=kind, help=about, **more)
    return present if not former else lambda command: present(renamed(former, "--output")(command))


def renamed(former: str, word: str, param: str = "", **more: Any) -> Decorator[Any]:
    """Return an option of an earlier version, which says that it is called `word` now.

    `param` is the parameter of that, where it is not called like the word. Read first, the value
    becomes its default, which it checks and converts.
    """

    def pass_on(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            caution(f"{former} is called {word} now")
            given = {param or word.removeprefix("--").replace("-", "_"): value}
            context.default_map = {**(context.default_map or {}), **given}

    return click.option(
        former,
        f"former_{former.removeprefix('--').replace('-', '_')}",
        hidden=True,
        is_eager=True,
        expose_value=False,
        callback=pass_on,
        **more,
    )


def without_effect(option: str, why: str, **more: Any) -> Decorator[Any]:
    """Return an option of earlier versions that does nothing any more but say `why`."""

    def warn(_: click.Context, __: click.Parameter, value: object) -> None:
        if value is not None:
            caution(f"{option} has no effect any more: {why}")

    return click.option(option, hidden=True, expose_value=False, callback=warn, **more)


def results_folder(about: str = "Results folder.") -> Decorator[Any]:
    """Return ``--out``."""
    return click.option("--out", type=PATH, default=DEFAULT_FOLDER, help=about)


metrics = names(
    "--metrics",
    "metrics",
    "Metrics, repeated or separated by commas; 'scib' for those that scib-metrics computes, in "
    "workers that take half a minute to start, 'all' for everything, function:NAME for gene sets "
    "of 'bench genesets'  [default: all but these]",
)
tissues = names("--tissue", "tissues", "Only these tissues; repeat or separate by commas.")
sources = names("--source", "sources", "Only these data sources, likewise.")
preset = click.option("--preset", help="Only runs under this preset.")
ties = choice("--ties", of=("average", "min"), about="Rank of methods with equal values.")


def stored_runs(
    *, methods: str = "Only runs of these methods.", data: bool = True
) -> Decorator[Any]:
    """Give a command the options that say which stored runs it is about, as one `StoredRuns`.

    `methods` is the help of ``--methods``; if it is empty, a command has its own or none.
    """
    of = {"out": results_folder(), "tissues": tissues, "sources": sources, "preset": preset}
    if methods:
        of = {"methods": names("--methods", "methods", methods), **of}
    if data:
        of |= {"data_dir": data_dir}

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def about(**given: Any) -> None:
            from genearena.benchmark.commands.stored_records import StoredRuns

            command(runs=StoredRuns(**{name: given.pop(name) for name in of}), **given)

        for option in reversed(of.values()):
            about = option(about)
        return about

    return decorate


shown = click.option(
    "--show", help="Method, as tables call it, that is looked at closely  [default: first]"
)
genesets = click.option(
    "--genesets", required=True, help="Name of the gene sets, see 'bench genesets'."
)


def set_sizes(most: int) -> Decorator[Any]:
    """Return ``--min-size`` and ``--max-size``: how many genes of the task a set has."""

    def check(context: click.Context, _: click.Parameter, value: int) -> int:
        if value < context.params["min_size"]:
            least = context.params["min_size"]
            raise UsageError(f"--max-size {value} is below --min-size {least}")
        return value

    sizes = click.IntRange(2)
    # eager: read before that which is compared with it
    least = click.option(
        "--min-size",
        default=10,
        type=sizes,
        is_eager=True,
        help="Genes of the task in a set, at least.",
    )
    greatest = click.option(
        "--max-size", default=most, type=sizes, callback=check, help="And at most."
    )
    return lambda command: least(greatest(command))


data_dir = click.option(
    "--data-dir",
    type=PATH,
    help="Where graphs are stored; by default $GENEARENA_DATA or the user's data folder.",
)
tissue = click.option("--tissue", required=True, help="Tissue of the data.")
source = click.option(
    "--source",
    default="auto",
    help="Data sets, comma-separated; auto: all real ones, else the simulated one.",
)
name = click.option("--name", required=True, help="Name of the data set.")
force = click.option("--force", is_flag=True, help="Replace a data set of this name.")

# of every command that builds graphs from counts
n_genes = click.option(
    "--genes",
    "n_genes",
    default=1000,
    type=click.IntRange(2),
    help="Genes of each donor, the nodes of its graph.",
)
residuals = click.option(
    "--residuals",
    default="sctransform",
    help="Null model of the profiles: sctransform (version 2) or analytic (Pearson, theta 100).",
)
alpha = click.option(
    "--alpha",
    default=0.005,
    type=click.FloatRange(0, 1, min_open=True),
    help="Pairs with p below it are edges.",
)
fdr = click.option(
    "--fdr", is_flag=True, help="Adjust p for multiple testing (Benjamini-Hochberg)."
)
min_genes = click.option(
    "--min-genes", default=200, type=click.IntRange(0), help="Drop cells with fewer detected genes."
)


def picked(kind: Callable[..., T], options: dict[str, Any]) -> T:
    """Make a dataclass of options from those of its fields the command line has."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in options.items() if name in known})
