"""The commands of README and docs work, in the order a reader types them."""

import importlib
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
TOCTREES = re.findall(r"```{toctree}\n(.*?)```", (ROOT / "docs" / "index.md").read_text(), re.S)
PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text()
    for name in re.findall(r"^[\w/-]+$", "".join(TOCTREES), re.M)
}


def blocks(text, language):
    """Return the fenced blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands(text):
    """Return every shell command of a text, comments removed, in order."""
    lines = (line for block in blocks(text, "bash") for line in block.splitlines())
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line.strip()]


def write_counts(path):
    """Write the file of raw counts that the reader is supposed to have."""
    import anndata
    import pandas as pd
    from scipy import sparse
    from simulated import simulated_counts

    donors = simulated_counts("lung", donors=2, modalities=("scrna",), seed=7)
    obs = pd.DataFrame({"donor": np.repeat([d.name for d in donors], [d.n_cells for d in donors])})
    obs.index = obs.index.astype(str)
    counts = sparse.csr_matrix(sparse.vstack([d.counts for d in donors]))
    var = pd.DataFrame(index=list(donors[0].genes))
    anndata.AnnData(counts, obs=obs, var=var).write_h5ad(path)


def write_species(path):
    """Write the counts of two species under common symbols."""
    import anndata
    import pandas as pd
    from scipy import sparse
    from simulated import simulated_counts

    donors = simulated_counts("liver", donors=2, modalities=("scrna",), seed=7)
    species = np.repeat(["human", "mouse"], [donor.n_cells for donor in donors])
    obs = pd.DataFrame({"species": species}, index=[f"c{i}" for i in range(len(species))])
    counts = sparse.csr_matrix(sparse.vstack([donor.counts for donor in donors]))
    var = pd.DataFrame(index=list(donors[0].genes))
    anndata.AnnData(counts, obs=obs, var=var).write_h5ad(path)


def write_vectors(path):
    """Write the published vectors that the reader is supposed to have, of most genes."""
    from simulated import simulated_counts

    known = simulated_counts("lung", donors=2, modalities=("scrna",), seed=7)[0].genes
    genes = [gene for number, gene in enumerate(known) if number % 10]
    rows = np.random.default_rng(0).normal(size=(len(genes), 20))
    lines = (f"{gene} {' '.join(map(str, row))}\n" for gene, row in zip(genes, rows, strict=True))
    path.write_text("".join(lines))


def write_sets(folder):
    """Write the gene sets that the reader is supposed to have, of two dates."""
    from simulated import simulated_counts

    genes = simulated_counts("lung", donors=2, modalities=("scrna",), seed=7)[0].genes
    for name, every in (("my_sets.gmt", 7), ("my_older_sets.gmt", 14)):
        lines = (f"S{n}\tsome\t{chr(9).join(genes[n::every])}\n" for n in range(7))
        (folder / name).write_text("".join(lines))


def write_factors(path):
    """Write the list of factors that the reader is supposed to have."""
    from simulated import simulated_counts

    genes = simulated_counts("lung", donors=2, modalities=("scrna",), seed=7)[0].genes
    path.write_text("\n".join(genes[::5]))


def shell(command, folder):
    """Run a command as the reader would, with the suite's own environment first on the path."""
    bin_folder = ROOT / ".venv" / "bin"
    environment = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "GENEARENA_DATA": str(folder / "data"),
    }
    return subprocess.run(
        command, cwd=folder, shell=True, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make the folder in which a reader goes from page to page."""
    folder = tmp_path_factory.mktemp("reader")
    write_counts(folder / "my_lung.h5ad")
    write_vectors(folder / "gene2vec.txt")
    write_sets(folder)
    write_factors(folder / "my_tfs.txt")
    write_species(folder / "two_species.h5ad")
    return folder


TYPED = {"README": README} | {name: text for name, text in PAGES.items() if commands(text)}


@pytest.mark.readme
@pytest.mark.slow
@pytest.mark.parametrize("page", TYPED)
def test_every_command_works(page, folder):
    """Typed one after another, page after page, each succeeds."""
    for command in commands(TYPED[page]):
        if command == "make test":
            continue  # this test is part of it
        if command == "make demo":
            # one seed stands for three: the others are the same command
            command = f"make -C {ROOT} demo SEEDS=1 OUT={folder / 'results'}"
        done = shell(command, folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.readme
@pytest.mark.slow
def test_the_first_steps_from_python_work(tmp_path):
    """Run from the first line to the last, in a folder that has the file of counts."""
    write_counts(tmp_path / "my_lung.h5ad")
    (source,) = blocks(PAGES["first-steps"], "python")
    (tmp_path / "session.py").write_text(source)
    done = shell("MPLBACKEND=agg python session.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "results" / "records").glob("*.json"))) == 6


def test_the_first_two_commands_are_the_makefile_s():
    """A stranger needs no other."""
    assert commands(README) == ["make demo", "make test"]


def test_pages_have_the_commands_of_every_topic():
    """None is lost when a page moves."""
    words = {command.split()[1] for text in PAGES.values() for command in commands(text)}
    assert len(TYPED) > 7
    assert words >= {
        *("run", "leaderboard", "plot", "stats", "report", "list", "data", "match", "genesets"),
        *("function", "clusters", "embeddings", "contrast", "regulators", "species", "tune"),
        *("new-experiment", "new-method", "check", "reproduce", "paper"),
    }


def test_the_method_of_the_docs_keeps_the_contract(tmp_path, monkeypatch):
    """The twenty lines shown are a complete method."""
    from genearena.methods.checks import run_checks

    (source,) = (block for block in blocks(PAGES["extend"], "python") if "class MyMethod" in block)
    (tmp_path / "readme_method.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    results = run_checks(importlib.import_module("readme_method").MyMethod)
    assert [result for result in results if not result.passed] == []
    assert len(source.splitlines()) <= 20


def test_every_picture_of_the_readme_exists():
    """No broken image greets the reader."""
    pictures = re.findall(r"!\[[^]]*]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_method_is_in_the_readme_s_table():
    """A new method is not forgotten."""
    from genearena.methods.registry import METHODS, is_released

    assert all(f"`{name}`" in README for name in METHODS.builtin if not is_released(name))


def test_every_file_tells_the_same_version():
    """The package, the citation, and the latest entry of the changelog, which has a date."""
    from genearena import __version__

    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text()
    latest = re.search(
        r"^## \[(\d.*)] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.M
    )
    assert latest[1] == __version__


def test_contributing_says_what_every_package_is_for():
    """All of pyproject.toml's, extras too, and no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {re.match(r"[\w-]+", package)[0] for group in groups for package in group}
    text = (ROOT / "CONTRIBUTING.md").read_text()
    table = text.partition("| package | for |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    told = {
        name for cell in cells for name in re.sub(r"\(.*?\)", "", cell).replace(",", " ").split()
    }
    assert told == wanted - {"genearena"}
