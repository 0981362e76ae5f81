"""The ``bench`` command: find the subcommand, run it, turn errors into one line."""

import os
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module

import click

from genearena import __version__
from genearena.data.common.errors import GeneArenaError, UsageError
from genearena.data.common.screen import tell

SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Most used": {
        "run": ("run", "Run methods on a tissue over seeds and store every result."),
        "leaderboard": ("leaderboard", "Print the tables of stored results."),
        "plot": ("plot", "Draw the figures of stored results."),
        "report": ("report", "Write all results as one HTML page."),
        "data": ("data.group", "Add, simulate, list and check data."),
    },
    "Results": {
        "list": ("listing", "List methods, metrics or tissues."),
        "serve": ("serve", "Show a report's site in the browser."),
        "stats": ("stats", "Say which differences between methods hold."),
        "results": ("results.group", "List, show, verify, tidy and export stored runs."),
        "presets": ("presets", "Compare the fast and the paper preset."),
        "submit": ("submit", "Score gene vectors made elsewhere."),
        "match": ("match", "Say which genes of a task a file of vectors has."),
        "merge": ("merge", "Take over runs from another results folder, checked."),
    },
    "What vectors know": {
        "embeddings": ("embeddings.group", "List, export, search and draw stored vectors."),
        "genesets": ("genesets.group", "Add, fetch and list sets of genes."),
        "function": ("function", "Say whether vectors tell the functions of genes."),
        "clusters": ("clusters", "Say which gene sets clusters have more of than chance."),
        "contrast": ("contrast", "Say which genes move between conditions."),
        "regulators": ("regulators", "Say what vectors know of transcription factors."),
        "species": ("species", "Say whether vectors find the orthologs of two species."),
    },
    "Experiments and the paper": {
        "new-experiment": ("new_experiment", "Write an experiment file to start from."),
        "tune": ("tune", "Choose settings of methods on equal budgets, as an experiment."),
        "reproduce": ("reproduce", "Run an experiment of the paper again, and say what holds."),
        "paper": ("paper", "Show the MuSe-GNN paper's tables, checked, beside stored results."),
    },
    "Plugins of your own": {
        "new-method": ("new_plugin:method", "Write the skeleton of a plugin with a method."),
        "new-metric": ("new_plugin:metric", "Of one with a metric."),
        "new-dataset": ("new_plugin:dataset", "Of one with a data set."),
        "new-encoder": ("new_plugin:encoder", "Of one with an encoder of MuSe-GNN."),
        "check": ("check", "Report whether a plugin of any kind keeps its contract."),
    },
}
COMMANDS = {name: place for section in SECTIONS.values() for name, place in section.items()}
FORMER = {"neighbors": "neighbors"}
"""Commands that moved into a group, and work under their old names."""

SETTINGS = {"help_option_names": ["-h", "--help"], "show_default": True}


class _LazyGroup(click.Group):
    """Import a subcommand only when it is called, so that help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in {**COMMANDS, **FORMER}:
            return None
        place = FORMER.get(cmd_name) or COMMANDS[cmd_name][0]
        file, _, attribute = place.partition(":")
        module = import_module(f"genearena.benchmark.commands.{file}")
        command: click.Command = getattr(module, attribute or "command")
        if "_BENCH_COMPLETE" in os.environ:  # set while a shell asks what may come next
            from genearena.benchmark.commands.completion import complete_names

            complete_names(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_sections(formatter, SECTIONS)


def _write_sections(formatter: click.HelpFormatter, titles: Iterable[str]) -> None:
    for title in titles:
        with formatter.section(title):
            formatter.write_dl([(name, text) for name, (_, text) in SECTIONS[title].items()])


@click.group(cls=_LazyGroup, context_settings=SETTINGS, invoke_without_command=True)
@click.version_option(__version__, prog_name="bench")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def bench(context: click.Context, debug: bool) -> None:  # noqa: ARG001 - `main` looks for it
    """Compare gene-embedding methods on gene co-expression graphs."""
    if context.invoked_subcommand is None:
        formatter = context.make_formatter()
        formatter.write_usage("bench", "COMMAND [OPTIONS]")
        _write_sections(formatter, ["Most used"])
        formatter.write("\nbench --help lists all commands, bench COMMAND --help its options.\n")
        for line in formatter.getvalue().splitlines():
            tell(line)


def main() -> None:
    """Run ``bench``; exit with 2 for a wrong request, 1 for a failure, 130 when interrupted."""
    try:
        bench(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GeneArenaError as error:
        _report(error)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except (KeyboardInterrupt, click.Abort):
        tell("Interrupted: everything finished so far is stored.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output has gone; keep the interpreter from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report(error: GeneArenaError) -> None:
    if "--debug" in sys.argv:
        import traceback

        traceback.print_exception(error)
    tell(f"Error: {error}", err=True)
