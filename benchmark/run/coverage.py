"""What files of gene vectors have of the tasks they are to run on, told before anything runs."""

from collections.abc import Iterable, Iterator

from genearena.benchmark.run.evaluation.job import Job
from genearena.data.common.errors import UsageError
from genearena.data.tasks import TaskCard
from genearena.methods.registry import OF_A_FILE


def coverage_lines(jobs: Iterable[Job]) -> Iterator[str]:
    """Yield what is to be told of the files that jobs take vectors from, for each task.

    Raises
    ------
    UsageError
        If a job that wants a file has none.
    DataError
        If a file or its table cannot be used, or has no gene of a task.
    """
    told = set()
    for job in (job for job in jobs if job.method.name == OF_A_FILE):
        from genearena.methods.vectors import matched

        files = job.method.files
        if "file" not in files:
            raise UsageError(f"method '{OF_A_FILE}' has no file; give {OF_A_FILE}:FILE")
        where = f"{job.name} on {job.task.tissue} ({job.task.source})"
        if where not in told:
            told.add(where)
            _, matching = matched(files["file"], files.get("table"), gene_names(job.task))
            yield from (f"{where}: {line}" for line in matching.lines())


def gene_names(task: TaskCard) -> list[str]:
    """Return the names of all genes of a task, each once."""
    return list(dict.fromkeys(gene for graph in task.graphs for gene in graph.genes))
