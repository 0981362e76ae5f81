"""Downloads that end early, are damaged or are not what was asked for; and what is stored."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData, read_h5ad
from made_up_census import VERSION, MadeUpCensus, make_var

from genearena.data.add import add_file
from genearena.data.census.cache import Manifest, SampleCache
from genearena.data.census.fetch import add_fetched, fetch_samples, read_options, unique_symbols
from genearena.data.census.plan import FetchRequest, plan_fetch
from genearena.data.common.errors import DataError, StoreError
from genearena.data.options import BuildOptions, QualityControl
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import Store

QUALITY = QualityControl(min_genes=5)
BUILD = BuildOptions(n_genes=30, alpha=0.05)


@pytest.fixture
def cache(tmp_path):
    return SampleCache(tmp_path / "cache", VERSION, "Homo sapiens")


def plan(census, **options):
    return plan_fetch(census, VERSION, FetchRequest("lung", **options))


def fetch(census, cache, said=None, **options):
    return fetch_samples(census, plan(census, **options), cache, (said or []).append)


def test_files_hold_the_counts_of_the_cells_asked_for(cache):
    """Each file has its cells in order, the census' counts, and symbols as names."""
    census = MadeUpCensus()
    for sample, donor in zip(plan(census).samples, fetch(census, cache), strict=True):
        table = read_h5ad(donor.path)
        assert table.obs["soma_joinid"].tolist() == sample.cells.tolist()
        assert (census.matrix[census.rows(sample.cells)] != table.X).nnz == 0
        assert table.var_names[:6].tolist() == [
            "G0",
            "G1",
            "G2",
            "G3_ENSG003",
            "G3_ENSG004",
            "ENSG005",
        ]


def test_manifest_tells_checksum_and_origin(cache):
    """The JSON beside a file has its SHA-256, the release, the dataset and the licence."""
    donor = fetch(MadeUpCensus(), cache)[0]
    told = json.loads(donor.path.with_suffix(".json").read_text())
    assert told["sha256"] == hashlib.sha256(donor.path.read_bytes()).hexdigest()
    assert told["n_bytes"] == donor.path.stat().st_size
    assert (told["version"], told["organism"]) == (VERSION, "Homo sapiens")
    assert (told["donor_id"], told["n_cells"], told["licence"]) == ("ann", 120, "CC BY 4.0")
    assert told["dataset"]["collection"] == "Lungs"
    assert Manifest.model_validate(told) == donor.manifest


@pytest.mark.parametrize("error", [DataError("cannot read"), KeyboardInterrupt(), OSError("x")])
def test_what_is_finished_survives_an_interruption(cache, error):
    """After a failure at the third donor two are kept, and the next fetch asks for the rest."""
    with pytest.raises((type(error), StoreError)):
        fetch(MadeUpCensus(fail_at=3, error=error), cache)
    assert len(list(cache.folder.glob("*.h5ad"))) == len(list(cache.folder.glob("*.json"))) == 2
    assert not list(cache.folder.glob(".new-*"))
    census, said = MadeUpCensus(), []
    assert len(fetch_samples(census, plan(census), cache, said.append)) == 4
    assert census.asked == [80, 60]
    assert said[0] == "1 of 4: ann@set-one-: kept from an earlier fetch"


@pytest.mark.parametrize("damage", ["cut", "flip", "no manifest", "manifest cut", "gone"])
def test_damaged_downloads_are_fetched_again(cache, damage):
    """A file that is not what its manifest says is replaced, and only that one."""
    good = fetch(MadeUpCensus(), cache)
    path, manifest = good[1].path, good[1].path.with_suffix(".json")
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[:-100])
    elif damage == "flip":
        path.write_bytes(content[:500] + bytes([content[500] ^ 1]) + content[501:])
    elif damage == "no manifest":
        manifest.unlink()
    elif damage == "manifest cut":
        manifest.write_text(manifest.read_text()[:-20])
    else:
        path.unlink()
    census, said = MadeUpCensus(), []
    again = fetch_samples(census, plan(census), cache, said.append)
    assert census.asked == [90]
    assert ("damaged" in said[1]) == (damage != "gone")
    counts = census.matrix[census.rows(plan(census).samples[1].cells)]
    assert (counts != read_h5ad(again[1].path).X).nnz == 0


def test_other_cells_than_asked_for_are_refused(cache, monkeypatch):
    """A client that gives too few cells is not believed, and nothing is kept."""
    census = MadeUpCensus()
    whole = census.counts
    monkeypatch.setattr(census, "counts", lambda organism, cells: whole(organism, cells[1:]))
    with pytest.raises(DataError, match="gave 119 cells of donor 'ann@set-one-', not the 120"):
        fetch(census, cache)
    assert not list(cache.folder.glob("*"))


def test_a_cache_that_cannot_be_written_to(tmp_path):
    """The error names the folder and the option."""
    (tmp_path / "file").write_text("")
    blocked = SampleCache(tmp_path / "file", VERSION, "Homo sapiens")
    with pytest.raises(StoreError, match="--cache-dir"):
        fetch(MadeUpCensus(), blocked)


def add(store, census, cache, **options):
    fetched = fetch_samples(census, plan(census), cache)
    read = read_options("lung", "Homo sapiens", **options)
    return add_fetched(
        store, "census", plan(census), fetched, cache, read, quality=QUALITY, build=BUILD
    )


def test_graphs_are_those_of_the_same_counts_in_a_users_file(cache, tmp_path):
    """Fetched donors give the fingerprint of bench data add on a file with the same cells."""
    census = MadeUpCensus()
    card = add(Store(tmp_path / "store"), census, cache, names="ensembl")
    samples = plan(census).samples
    rows = np.concatenate([census.rows(sample.cells) for sample in samples])
    names = [sample.name for sample in samples for _ in sample.cells]
    obs = pd.DataFrame({"donor": names})
    obs.index = obs.index.astype(str)
    var = make_var().set_index("feature_id")
    AnnData(census.matrix[rows], obs=obs, var=var).write_h5ad(tmp_path / "mine.h5ad")
    read = ReadOptions("lung", donor_key="donor")
    path = tmp_path / "mine.h5ad"
    mine = add_file(Store(tmp_path / "s2"), path, "census", read, quality=QUALITY, build=BUILD)
    assert card.fingerprint == mine.fingerprint
    assert [graph.name for graph in card.graphs] == ["ann@set-one-", "ann@set-thre", "bob", "dan"]


def test_card_tells_release_datasets_licence_and_whom_to_cite(cache, tmp_path):
    """What is stored can be read back, and a dataset without citation is cited by its DOI."""
    store = Store(tmp_path / "store")
    add(store, MadeUpCensus(), cache)
    told = store.card("lung", "census").origin.provenance
    assert (told.archive, told.version, told.licence) == ("CELLxGENE Census", VERSION, "CC BY 4.0")
    assert [d.dataset_id for d in told.datasets] == ["set-one-aaaa", "set-three-cc"]
    assert told.citations == (
        "Publication: https://doi.org/10.1/one Dataset Version: one",
        "10.1/two",
    )
    assert (told.request["seed"], told.request["assay"]) == (0, "10x")
    assert [s.n_cells for s in told.samples] == [120, 90, 80, 60]
    assert not list(cache.folder.glob(".new-*"))


def test_symbols_are_made_unique_with_identifiers():
    """Only repeated or missing symbols change."""
    assert unique_symbols(make_var())[3:7] == ["G3_ENSG003", "G3_ENSG004", "ENSG005", "G6"]
    categories = make_var().astype("category")
    assert unique_symbols(categories) == unique_symbols(make_var())
