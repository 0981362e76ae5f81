"""``bench genesets``: add, fetch, list and remove sets of genes with a function."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.genesets import add, fetch
from genearena.benchmark.show.data.data_display import say, show, warn
from genearena.data.common.errors import DataError, StoreError
from genearena.data.common.screen import tell


@click.group("genesets")
def command() -> None:
    """Add, fetch, list and remove sets of genes with a function."""


for module in (add, fetch):
    command.add_command(module.command)


@command.command("list")
@click.option("--tissue", help="Say what they have of the genes of this tissue's task.")
@options.source
@options.data_dir
def list_sets(tissue: str | None, source: str, data_dir: Path | None) -> None:
    """List the stored gene sets: how many, how large, of what, and what a task has of them."""
    from genearena.benchmark.run.coverage import gene_names
    from genearena.benchmark.show.biology.gene_set_tables import gene_set_table
    from genearena.data.genesets.store import GeneSetStore
    from genearena.data.tasks import find_task

    store = GeneSetStore(data_dir)
    task = None if tissue is None else find_task(tissue, source=source, folder=data_dir)
    stored = []
    for name in store.names:
        try:
            stored.append(store.get(name))
        except (StoreError, DataError) as error:
            warn([str(error)])
    if not stored:
        say(f"no gene sets are stored in {store.folder}; see 'bench genesets add --help'")
        return
    show(gene_set_table(stored, task, [] if task is None else gene_names(task)))
    for sets in stored:
        tell(f"{sets.name}: sha256 {sets.sha256}")


@command.command()
@click.argument("name")
@options.data_dir
def remove(name: str, data_dir: Path | None) -> None:
    """Delete stored gene sets; the file they were read from is untouched."""
    from genearena.data.genesets.store import GeneSetStore

    GeneSetStore(data_dir).remove(name)
    say(f"removed gene sets {name}")
