"""The experiments that come with the suite, and what ``bench reproduce`` says of their runs."""

import tomllib

import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import bench
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.run.experiment import Experiment, Variants, read_experiment, shipped
from genearena.benchmark.show.paper.others import other_tables
from genearena.benchmark.show.paper.reproduced import reproduced_sheets
from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.data.common.errors import UsageError


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_experiment_is_of_its_tables(path):
    """It can be run as it is, has every row of its tables, and claims what they print."""
    experiment, faults = read_experiment(path)
    assert faults == []
    labels = {variants.label for variants in experiment.variants}
    for number in experiment.tables:
        rows = set(other_tables()[number].rows)
        groups = {label.rpartition(" ")[0] for label in labels}
        own = {r for r in rows if number != 13 or r.rpartition(" ")[0] in groups}
        assert own
        assert own <= labels
    assert experiment.claims


def test_every_ablation_has_an_experiment():
    """All of Tables 3 to 9 and 13, each group of Table 13 in one of its own."""
    tables = [number for path in shipped() for number in tomllib.loads(path.read_text())["tables"]]
    assert set(tables) == {3, 4, 5, 6, 7, 8, 9, 13}
    labels = {v.label for path in shipped() for v in read_experiment(path)[0].variants}
    assert set(other_tables()[13].rows) <= labels


def board(make_record, values, seeds=(0, 1, 2), noise=0.0):
    """Return the leaderboard of records with these headline values of each label."""
    records = [
        make_record(
            "musegnn",
            {"replicated_edges": value + noise * (seed - 1), "asw": value, "edge_auc": value},
            seed=seed,
            params={"dim": 32, "epochs": 20, "row": label},
            label=label,
        )
        for label, value in values.items()
        for seed in seeds
    ]
    return build_leaderboards(records)


EXPERIMENT = Experiment(
    "terms",
    {},
    tuple(Variants(label, "musegnn") for label in ("no terms", "similarity only", "both terms")),
    (("both terms", "no terms"), ("no terms", "similarity only")),
    (4,),
)


def column(sheet, heading):
    """Return the texts of a column."""
    (found,) = [c for c in sheet.columns if c.heading == heading]
    return [entry.text for entry in found.entries]


def test_rows_stand_beside_the_papers(make_record):
    """With their own scores and ranks, and how the two orders go together."""
    boards = board(make_record, {"no terms": 0.1, "similarity only": 0.3, "both terms": 0.5})
    rows, claims = reproduced_sheets("terms", EXPERIMENT, boards)
    assert rows.labels == ("no terms", "similarity only", "both terms")
    assert column(rows, "Avg Score in Table 4") == ["0.25", "0.71", "0.81"]
    assert column(rows, "Avg Score") == ["0.000", "0.500", "1.000"]
    assert column(rows, "Avg Rank") == ["3.000", "2.000", "1.000"]
    assert column(rows, "Headline") == ["0.100", "0.300", "0.500"]
    assert "Spearman of Table 4 and the Avg Score here: 1.00 (3 rows)" in rows.notes
    assert claims.labels == ("both terms > no terms", "no terms > similarity only")
    assert column(claims, "Table 4") == ["+0.56", "-0.46"]
    assert column(claims, "holds by Avg Score") == ["yes", "no"]


def test_what_seeds_do_not_decide_stays_open(make_record):
    """The interval of the difference holds 0."""
    values = {"no terms": 0.30, "similarity only": 0.3001, "both terms": 0.5}
    records = [
        make_record(
            "musegnn",
            {"asw": value + wobble, "edge_auc": value - wobble / 2},
            seed=seed,
            params={"row": label},
            label=label,
        )
        for label, value in values.items()
        for seed, wobble in enumerate((-0.1, 0.0, 0.1) if label == "no terms" else (0.05, 0, -0.05))
    ]
    _, claims = reproduced_sheets("terms", EXPERIMENT, build_leaderboards(records))
    assert column(claims, "holds by Avg Score") == ["yes", "open"]
    assert column(claims, "holds by Headline") == [NOTHING] * 2


def test_one_seed_decides_nothing(make_record):
    """Without a second seed there is no interval."""
    boards = board(make_record, {"no terms": 0.1, "both terms": 0.5}, seeds=(0,))
    _, claims = reproduced_sheets("terms", EXPERIMENT, boards)
    assert column(claims, "Avg Score here")[0] == "+1.000"
    assert column(claims, "holds by Avg Score")[0] == "open"


def test_nothing_finished_is_an_error(make_record):
    """There is nothing to compare."""
    failed = make_record("musegnn", {}, status="failed", reason="no", label="no terms")
    with pytest.raises(UsageError, match="no run of it has finished"):
        reproduced_sheets("terms", EXPERIMENT, build_leaderboards([failed]))


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("14", "no experiment is of Table 14; there are those of 3, 4, 5, 6, 7, 8, 9, 13"),
        ("loss-term", "no experiment or file 'loss-term'; did you mean 'loss-terms'"),
    ],
)
def test_what_is_no_experiment_is_refused(what, reason):
    """With those there are."""
    assert reason in str(CliRunner().invoke(bench, ["reproduce", what]).exception)


def test_a_file_with_claims_is_run_and_judged(data_dir, tmp_path, monkeypatch):
    """As those of the suite; the results stand in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))
    (tmp_path / "mine.toml").write_text(
        "tissues = ['lung']\nsources = ['tiny']\nseeds = 2\nclaims = ['wide > chance']\n"
        "[variants.wide]\nmethod = 'pca'\ndim = 8\n[variants.narrow]\nmethod = 'pca'\ndim = 2\n"
        "[variants.chance]\nmethod = 'gene2vec'\nepochs = 1\nlearning_rate = 1e-6\n"
    )
    done = CliRunner().invoke(bench, ["reproduce", "mine.toml", "--seeds", "2", "--jobs", "1"])
    assert done.exception is None, done.output
    assert "wide > chance" in done.output
    assert (tmp_path / "results" / "reproduce" / "records").is_dir()
    planned = CliRunner().invoke(bench, ["reproduce", "mine.toml", "--dry-run"])
    assert "0 runs to do, 6 already stored" in planned.output
    page = ["--format", "md", "--output", "mine.md"]
    CliRunner().invoke(bench, ["reproduce", "mine.toml", *page], catch_exceptions=False)
    assert "| wide > chance |" in (tmp_path / "mine.md").read_text()
