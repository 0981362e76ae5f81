"""The adapter calls cellxgene_census as it is documented; against the real one where installed."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from made_up_census import MadeUpCensus, make_tables, make_var, matching

from genearena.data.census.plan import FetchRequest, plan_fetch
from genearena.data.census.soma import (
    CELL_COLUMNS,
    KEPT_OBS,
    KEPT_VAR,
    SomaCensus,
    SomaClient,
    value_filter,
)
from genearena.data.census.terms import CellFilter
from genearena.data.common.errors import DataError

LUNG = CellFilter("Homo sapiens", ("lung",), ("10x 3' v2", "10x 3' v3"), "normal")
SUMMARY = pd.DataFrame(
    {
        "organism": ["Homo sapiens", "Homo sapiens", "Homo sapiens", "Mus musculus"],
        "category": ["all", "assay", "assay", "assay"],
        "label": ["na", "10x 3' v3", "Drop-seq", "10x 3' v3"],
        "ontology_term_id": "x",
        "total_cell_count": [20, 9, 8, 7],
        "unique_cell_count": [10, 5, 4, 3],
    }
)
DATASETS = pd.DataFrame(
    {
        "soma_joinid": [0, 1],
        "citation": ["Publication: one", None],
        "collection_id": ["c1", "c2"],
        "collection_name": ["Lungs", "More"],
        "collection_doi": ["10.1/one", ""],
        "dataset_id": ["one", "two"],
        "dataset_version_id": ["v1", "v2"],
        "dataset_title": ["First", " Second "],
        "dataset_h5ad_path": "x.h5ad",
        "dataset_total_cell_count": 5,
    }
)


class Opened:
    """A stand-in of the SOMA collection that open_soma returns."""

    def __init__(self):
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def __getitem__(self, name):
        assert name == "census_info"
        tables = {"summary_cell_counts": SUMMARY, "datasets": DATASETS}
        return {name: table(frame) for name, frame in tables.items()}


def table(frame):
    """Stand in for a SOMA data frame, read through Arrow."""
    arrow = SimpleNamespace(to_pandas=frame.copy)
    return SimpleNamespace(read=lambda: SimpleNamespace(concat=lambda: arrow))


@pytest.fixture
def package(monkeypatch):
    """A module of the documented functions, with their documented parameters, that takes notes."""
    module = ModuleType("cellxgene_census")
    module.calls = []

    def open_soma(
        *, census_version="stable", mirror=None, uri=None, tiledb_config=None, context=None
    ):
        module.calls.append(("open_soma", census_version))
        module.opened = Opened()
        return module.opened

    def get_census_version_directory(*, lts=None, retracted=False):
        release = {"release_build": "2025-01-30", "release_date": None, "flags": {"lts": True}}
        return {"stable": release, "2025-01-30": release}

    def get_obs(
        census, organism, *, value_filter=None, coords=slice(None), column_names=None,
        modality="census_data",
    ):  # fmt: skip
        module.calls.append(("get_obs", census, organism, value_filter))
        # columns of the filter may come along
        return pd.DataFrame({name: [1] for name in [*reversed(column_names), "disease"]})

    def get_anndata(
        census, organism, measurement_name="RNA", X_name="raw", X_layers=(), obsm_layers=(),
        obsp_layers=(), varm_layers=(), varp_layers=(), obs_value_filter=None, obs_coords=None,
        var_value_filter=None, var_coords=None, column_names=None, obs_embeddings=(),
        var_embeddings=(), obs_column_names=None, var_column_names=None, modality="census_data",
    ):  # fmt: skip
        module.calls.append(("get_anndata", organism, measurement_name, X_name, obs_coords))
        assert list(obs_column_names) == list(KEPT_OBS)
        assert list(var_column_names) == list(KEPT_VAR)
        return AnnData(np.ones((len(obs_coords), 2), np.float32))

    functions = (open_soma, get_census_version_directory, get_obs, get_anndata)
    for function in functions:
        setattr(module, function.__name__, function)
    monkeypatch.setitem(sys.modules, "cellxgene_census", module)
    return module


def test_releases_are_names_and_build_dates(package):
    """The directory of releases is reduced to what each name stands for."""
    assert SomaClient().versions() == {"stable": "2025-01-30", "2025-01-30": "2025-01-30"}


def test_a_release_is_opened_by_date_and_closed(package):
    """The collection is closed however the block ends."""
    release = SomaClient().open("2025-01-30")
    release.__enter__()
    assert not package.opened.closed
    assert not release.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert package.opened.closed
    assert package.calls == [("open_soma", "2025-01-30")]


def test_calls_of_an_open_release(package):
    """Cells are asked for by filter and counts by number, raw; columns come as promised."""
    with SomaClient().open("2025-01-30") as census:
        assert census.terms("Homo sapiens")["assay"] == {"10x 3' v3": 5, "Drop-seq": 4}
        assert census.terms("Pan troglodytes") == {}
        assert tuple(census.cells(LUNG).columns) == CELL_COLUMNS
        assert census.counts("Homo sapiens", np.array([4, 9, 11])).n_obs == 3
    obs, counts = package.calls[1:]
    assert obs == ("get_obs", package.opened, "Homo sapiens", value_filter(LUNG))
    assert counts == ("get_anndata", "Homo sapiens", "RNA", "raw", [4, 9, 11])
    assert all(type(cell) is int for cell in counts[-1])


def test_datasets_come_in_the_order_asked(package):
    """Columns are renamed, missing ones are empty and blanks around titles go."""
    with SomaClient().open("2025-01-30") as census:
        two, one = census.datasets(["two", "one"])
    assert (two.dataset_id, two.title, two.citation, two.doi) == ("two", "Second", "", "")
    assert (one.collection, one.doi, one.citation) == ("Lungs", "10.1/one", "Publication: one")
    assert one.licence == ""


def test_filter_means_what_it_says():
    """Read as the Python it is, the filter keeps the rows that pandas keeps."""
    obs, _ = make_tables()
    obs.loc[::7, "disease"] = "crohn's disease"
    for disease in ("normal", "crohn's disease", None):
        wanted = CellFilter("Homo sapiens", ("lung", "heart left ventricle"), LUNG.assays, disease)
        text = value_filter(wanted)
        kept = [eval(text, {}, row) for row in obs.to_dict("records")]
        assert kept == matching(obs, wanted).tolist()
        assert 0 < sum(kept) < len(obs)


@pytest.mark.parametrize("error", [ConnectionError("no\nroute"), RuntimeError(), KeyError("x")])
def test_whatever_the_client_raises_becomes_one_line(package, error):
    """Network and TileDB errors end in one line that says what to do."""

    def fail(*_, **__):
        raise error

    for name in ("get_census_version_directory", "open_soma", "get_obs", "get_anndata"):
        setattr(package, name, fail)
    client, census = SomaClient(), SomaCensus(package, {})
    attempts = (
        client.versions,
        lambda: client.open("2025-01-30").__enter__(),
        lambda: census.terms("Homo sapiens"),
        lambda: census.cells(LUNG),
        lambda: census.counts("Homo sapiens", np.array([1])),
        lambda: census.datasets(["one"]),
    )
    for attempt in attempts:
        with pytest.raises(DataError, match="check the network") as caught:
            attempt()
        assert "\n" not in str(caught.value)


def test_an_interruption_is_left_alone(package, monkeypatch):
    """Ctrl-C is not taken for an error of the network."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(package, "get_obs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        SomaCensus(package, Opened()).cells(LUNG)


def test_a_missing_package_names_the_extra(monkeypatch):
    """Without cellxgene_census the user is told what to install."""
    monkeypatch.setitem(sys.modules, "cellxgene_census", None)
    with pytest.raises(DataError, match=r"pip install 'genearena\[census\]'"):
        SomaClient()


def write_soma(folder):
    """Write the made-up Census as SOMA, the way the schema lays it out."""
    import pyarrow as pa
    import tiledbsoma
    import tiledbsoma.io

    obs, counts = make_tables()
    obs["cell_type"] = obs["development_stage"] = obs["sex"] = "any"
    # numbers of cells are those of rows in a Census
    obs = obs.drop(columns="soma_joinid").set_index("c" + obs.index.astype(str))
    text = [name for name in obs.columns if obs[name].dtype == object]
    obs = obs.astype(dict.fromkeys(text, "category"))
    var = make_var().assign(feature_length=100).fillna({"feature_name": ""})
    var.index = var["feature_id"].tolist()
    uri = str(folder / "census")
    with tiledbsoma.Collection.create(uri) as census:
        info = census.add_new_collection("census_info")
        census.add_new_collection("census_data")
        for name, frame in (("summary_cell_counts", SUMMARY), ("datasets", DATASETS)):
            numbered = frame.assign(soma_joinid=np.arange(len(frame)))
            arrow = pa.Table.from_pandas(numbered, preserve_index=False)
            with info.add_new_dataframe(
                name,
                schema=arrow.schema,
                index_column_names=["soma_joinid"],
                domain=[(0, len(frame) - 1)],
            ) as written:
                written.write(arrow)
    human = f"{uri}/census_data/homo_sapiens"
    made = AnnData(counts, obs=obs, var=var)
    tiledbsoma.io.from_anndata(human, made, measurement_name="RNA", X_layer_name="raw")
    with tiledbsoma.Collection.open(f"{uri}/census_data", "w") as data:
        data.set("homo_sapiens", tiledbsoma.Experiment.open(human))
    return uri


def test_the_real_client_on_a_local_census(tmp_path):
    """cellxgene_census reads a Census on disk as the made-up one answers in memory."""
    real = pytest.importorskip("cellxgene_census", reason="needs the extra genearena[census]")
    made_up = MadeUpCensus()
    made_up.obs["soma_joinid"] = np.arange(len(made_up.obs))
    wanted = CellFilter("Homo sapiens", ("lung",), (), "normal")
    with real.open_soma(uri=write_soma(tmp_path)) as opened:
        census = SomaCensus(real, opened)
        assert census.terms("Homo sapiens")["assay"] == {"10x 3' v3": 5, "Drop-seq": 4}
        assert census.datasets(["two", "one"])[1].citation == "Publication: one"
        found, expected = census.cells(wanted), made_up.cells(wanted)
        for name in CELL_COLUMNS:
            assert found[name].astype(str).tolist() == expected[name].astype(str).tolist()
        assert not len(census.cells(CellFilter("Homo sapiens", ("nowhere",))))
        sample = plan_fetch(made_up, "any", FetchRequest("lung")).samples[0].cells
        table = census.counts("Homo sapiens", sample)
    assert table.obs["soma_joinid"].tolist() == sample.tolist()
    assert (made_up.matrix[made_up.rows(sample)] != table.X).nnz == 0
    assert table.var["feature_id"].tolist() == make_var()["feature_id"].tolist()
