"""``bench data fetch`` and ``bench data catalog`` from the command line, without a network."""

import csv
import io
import json
import sys

import pytest
from click.testing import CliRunner
from made_up_census import VERSION, MadeUpCensus

from genearena.benchmark.commands.data.group import command
from genearena.data.census import soma
from genearena.data.common.errors import DataError, GeneArenaError, UsageError
from genearena.data.store import Store
from genearena.data.tasks import load_task

FEW = ("--min-genes", 5, "--genes", 30, "--alpha", 0.05)


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """Return a function that fetches lung from a made-up Census into folders of its own."""

    def run(*options, census=None, tissue="lung"):
        monkeypatch.setattr(soma, "SomaClient", lambda: census or MadeUpCensus())
        folders = ("--data-dir", tmp_path / "store", "--cache-dir", tmp_path / "cache")
        words = ("fetch", "--tissue", tissue, *FEW, *folders, *options)
        return CliRunner().invoke(command, [*map(str, words)])

    return run


def error(result, kind=GeneArenaError):
    """Return the message of the error a command ended with; it must be one line."""
    assert isinstance(result.exception, kind), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_fetched_donors_become_a_task(fetch, tmp_path):
    """Donors are graphs of a real data set; citations and licence are shown."""
    done = fetch("--donors", 3)
    assert done.exit_code == 0, done.output
    task = load_task("lung", folder=tmp_path / "store")
    assert task.names == ("ann@set-one-", "ann@set-thre", "bob")
    assert [graph.n_genes for graph in task] == [30, 30, 30]
    assert {graph.species for graph in task} == {"human"}
    assert not any(graph.simulated for graph in task)
    assert f"CELLxGENE Census {VERSION}, licence CC BY 4.0; cite:" in done.stdout
    assert "10.1/two" in done.stdout
    assert "3 of 3: ann@set-thre: fetching 80 cells" in done.stderr
    listed = CliRunner().invoke(command, ["list", "--data-dir", str(tmp_path / "store")])
    assert "census" in listed.stdout


def test_dry_run_shows_what_would_come_and_writes_nothing(fetch, tmp_path):
    """Donors, cells, datasets, size and citations are shown; neither folder is made."""
    census = MadeUpCensus()
    done = fetch("--dry-run", "--cells", 100, census=census)
    assert done.exit_code == 0, done.output
    for word in ("ann@set-one-", "dan", "10x 5' v2", "First lungs", "10.1/one", "Lungs"):
        assert word in done.stdout
    assert "330 cells, about 0.1 MB" in done.stdout
    assert "Publication: https://doi.org/10.1/one" in done.stdout
    assert census.asked == []
    assert list(tmp_path.iterdir()) == []


def test_dry_run_says_what_is_here_already(fetch):
    """Only the donors of an earlier fetch are marked."""
    assert fetch("--donors", 1, "--name", "one").exit_code == 0
    rows = fetch("--dry-run", "--donors", 2).stdout.splitlines()
    assert "yes" in next(row for row in rows if "ann@" in row or " ann " in row)
    assert "yes" not in next(row for row in rows if " bob " in row)


@pytest.mark.parametrize("stop", [DataError("cannot read counts"), KeyboardInterrupt()])
def test_interrupted_fetch_leaves_the_store_and_is_taken_up_again(fetch, tmp_path, stop):
    """Nothing is stored of half a fetch; the same command fetches what is missing."""
    broken = fetch(census=MadeUpCensus(fail_at=3, error=stop))
    assert broken.exit_code == 1
    assert Store(tmp_path / "store").sources() == ()
    census = MadeUpCensus()
    done = fetch(census=census)
    assert done.exit_code == 0, done.output
    assert census.asked == [80, 60]
    assert len(load_task("lung", folder=tmp_path / "store")) == 4


def test_failed_replacement_keeps_what_was_stored(fetch, tmp_path):
    """--force replaces only when everything has come."""
    assert fetch("--donors", 2).exit_code == 0
    before = Store(tmp_path / "store").card("lung", "census").fingerprint
    census = MadeUpCensus(fail_at=1, error=DataError("cannot read counts"))
    assert error(fetch("--force", "--donors", 3, census=census)) == "cannot read counts"
    assert Store(tmp_path / "store").card("lung", "census").fingerprint == before
    assert fetch("--force", "--donors", 3).exit_code == 0
    assert Store(tmp_path / "store").card("lung", "census").fingerprint != before


def test_a_taken_name_is_refused_before_anything_is_asked(fetch):
    """The second fetch of a name stops at once."""
    assert fetch("--donors", 1).exit_code == 0
    message = error(fetch(census=object()), UsageError)
    assert "lung has a data set 'census'; choose another name or use --force" in message


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        (("--assay", "smart"), UsageError, "no assay 'smart'"),
        (("--disease", "asthm"), UsageError, "did you mean 'asthma'"),
        (("--species", "lemur"), UsageError, "no species 'lemur'"),
        (("--species", "mouse"), UsageError, "no cells of Mus musculus"),
        (("--census-version", "2020-01-01"), UsageError, "no release '2020-01-01'"),
        (("--census-tissue", "lungs"), UsageError, "no tissue 'lungs'; did you mean"),
        (("--assay", "Drop-seq", "--disease", "asthma"), DataError, "has no cells of human lung"),
        (("--residuals", "none"), UsageError, "unknown residuals 'none'"),
        (("--name", "simulated"), UsageError, "kept for the suite's own data"),
    ],
)
def test_bad_requests_are_one_line(fetch, tmp_path, options, kind, words):
    """Whatever is asked for in vain is said in one line, and nothing is written."""
    assert words in error(fetch(*options), kind)
    assert list(tmp_path.iterdir()) == []


def test_unknown_tissue_names_the_nearest(fetch):
    """The Census' words for tissues are offered."""
    assert "no tissue 'lng'; did you mean 'lung'" in error(fetch(tissue="lng"), UsageError)


def test_fewer_donors_than_asked_is_a_warning(fetch):
    """What there is is taken."""
    done = fetch("--donors", 9)
    assert done.exit_code == 0, done.output
    assert "Warning: 9 donors asked for, 4 found" in done.stderr


def test_missing_extra(monkeypatch, tmp_path):
    """Without the client's package the error names the extra."""
    monkeypatch.setitem(sys.modules, "cellxgene_census", None)
    words = ["fetch", "--tissue", "lung", "--data-dir", str(tmp_path)]
    assert "pip install 'genearena[census]'" in error(CliRunner().invoke(command, words))


def catalog(*options):
    done = CliRunner().invoke(command, ["catalog", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_catalog_formats_tell_the_same():
    """JSON and CSV have the same sources, of the tissue asked for; the table has their links."""
    told = json.loads(catalog("--tissue", "heart", "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(catalog("--tissue", "heart", "--format", "csv"))))
    assert all("heart" in source["tissues"] for source in told)
    assert [row["url"] for row in rows] == [source["url"] for source in told]
    assert [row["tissues"].split(";") for row in rows] == [source["tissues"] for source in told]
    table = catalog("--tissue", "heart")
    assert all(source["url"] in table for source in told)
    assert len(json.loads(catalog("--format", "json"))) > len(told)
    assert "COVID-19" in catalog()


def test_catalog_refuses_unknown_tissues():
    """As everywhere, with the nearest name."""
    result = CliRunner().invoke(command, ["catalog", "--tissue", "hart"])
    assert "did you mean 'heart'" in error(result, UsageError)


def test_fetched_and_added_counts_become_graphs_by_the_same_defaults():
    """A data set is the same whichever command brought it."""
    from genearena.data.options import BuildOptions

    fetch, add = (
        {option.name: option.default for option in command.commands[name].params}
        for name in ("fetch", "add")
    )
    for name in ("residuals", "alpha", "fdr", "min_genes"):
        assert fetch[name] == add[name], name
    assert add["residuals"] == BuildOptions().residuals
