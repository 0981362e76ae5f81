"""The headline tables of the documentation are those of the committed results."""

import itertools
import re
from pathlib import Path

import pandas as pd
import pytest

AVERAGES = ["headline", "avg_score"]
TRUTHS = ["latent_edges", "programme_recovery"]
WORDS = dict(
    enumerate(["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
)
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/choose.md"
REAL = ["replicated_edges", "new_donor", "shared_partners", "rewiring"]
SIMULATED = ["replicated_edges", "new_donor", "shared_function", "specific_function"]
QUESTIONS = {
    "real": REAL,
    **dict.fromkeys(("leaderboard", "multimodal", "preset-paper"), SIMULATED),
}


def headline_table(folder: str) -> str:
    """Return what a page has between its marks: methods and controls by their mean headline."""
    table = pd.read_csv(ROOT / "results" / folder / "leaderboard.csv")
    table = table[table["variant"] == "faithful"]
    # averages of a task stand on each of its rows
    averages = table.groupby(["control", "label", "tissue"])[["headline", "avg_score"]].first()
    found = averages.groupby(level=[0, 1]).mean()
    found.columns = ["Headline", "Avg Score"]
    labels = table.drop_duplicates("metric").set_index("metric")["metric_label"]
    for metric in QUESTIONS[folder]:
        mean = table[table["metric"] == metric].groupby(["control", "label"])["mean"].mean()
        found.insert(len(found.columns) - 1, labels[metric], mean)
    found = found.dropna(subset="Headline").reset_index()
    found = found.sort_values(["control", "Headline"], ascending=[True, False])
    heads = [c for c in found.columns if c not in ("control", "label")]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}"]
    for _, row in found.iterrows():
        name = f"*{row['label']}*" if row["control"] else row["label"]
        lines.append(f"| {name} | {' | '.join(number(row[head]) for head in heads)} |")
    return "\n".join(lines)


def test_tables_of_earlier_versions_are_read_as_today_s():
    """By pandas alone; of the same columns, but for what they did not have yet."""
    today = pd.read_csv(ROOT / "results/leaderboard/leaderboard.csv", nrows=1).columns
    paths = sorted((ROOT / "results/superseded").glob("*.csv.xz"))
    assert paths
    for path in paths:
        table = pd.read_csv(path)
        assert [c for c in today if not c.startswith("headline")] == [*table.columns]
        assert table["mean"].notna().any()
        assert table["rank"].min() == 1
        assert f"results/superseded/{path.name}" in (ROOT / "docs/results.md").read_text()


def number(value: float) -> str:
    """Return two decimals without the leading zero, nothing of what is not there."""
    if pd.isna(value):
        return ""
    text = f"{round(value, 2) + 0:.2f}"
    return re.sub(r"^(-?)0\.", r"\1.", text)


@pytest.mark.parametrize("folder", QUESTIONS)
def test_headlines(folder):
    """Methods in their order, then controls in italics."""
    own = ROOT / "results" / folder / "README.md"
    text = own.read_text() + PAGE.read_text()
    found = re.search(rf"<!-- {folder} -->\n\n(.*?)\n\n<!-- /{folder} -->", text, re.S)
    assert found
    assert found[1] == headline_table(folder), f"want\n{headline_table(folder)}"


def correlations(folder: str) -> dict[str, list[float]]:
    """Return Spearman's correlations over methods, of means over tasks and within each task."""
    table = pd.read_csv(ROOT / "results" / folder / "leaderboard.csv")
    table = table[(table["variant"] == "faithful") & ~table["control"]]
    wide = table.pivot_table(index=["tissue", "label"], columns="metric", values="mean")
    wide[AVERAGES] = table.groupby(["tissue", "label"])[AVERAGES].first()
    means = wide.groupby("label").mean()
    found = {"means": [means["headline"].corr(means["avg_score"], method="spearman")]}
    for pair in itertools.product(AVERAGES, {"avg_score", *TRUTHS} & {*wide}):
        each = [own[list(pair)].corr("spearman").iloc[0, -1] for _, own in wide.groupby("tissue")]
        found[" ".join(pair)] = each
    return found


def prose() -> str:
    """Return the page in one line."""
    return re.sub(r"\s+", " ", PAGE.read_text())


def test_what_avg_score_goes_with_on_real_data():
    """Over the methods, and from the least task to the most."""
    found = correlations("real")
    within = found["headline avg_score"]
    words = [number(value) for value in (*found["means"], min(within), max(within))]
    told = "goes with the headline at Spearman {}, within a task at {} to {};".format(*words)
    assert told in prose()


def test_what_avg_score_goes_with_on_simulated_tissues():
    """With the headline, and both of them with what the simulator knows; means over tissues."""
    of = {pair: number(sum(each) / len(each)) for pair, each in correlations("leaderboard").items()}
    told = (
        f"with the headline at Spearman {of['headline avg_score']} on average, with recovery of "
        f"the true correlations at {of['avg_score latent_edges']} "
        f"(headline {of['headline latent_edges']}), "
        f"of the programmes at {of['avg_score programme_recovery']} "
        f"(headline {of['headline programme_recovery']})"
    )
    assert told in prose()


@pytest.mark.parametrize(
    ("page", "folder"),
    [
        ("README.md", "real"),
        ("docs/choose.md", "real"),
        ("docs/choose.md", "leaderboard"),
        ("results/multimodal/README.md", "multimodal"),
    ],
)
def test_captions_tell_how_many_seeds(page, folder):
    """And of how many tasks: every row of the table has as many runs."""
    table = pd.read_csv(ROOT / "results" / folder / "leaderboard.csv")
    (seeds,) = {*table["runs_expected"]}
    what = "tasks of" if folder == "real" else "simulated tissues"
    begin = f"{WORDS[table['tissue'].nunique()].capitalize()} {what}"
    captions = re.findall(rf"\*{begin}[^*]*\*", re.sub(r"\s+", " ", (ROOT / page).read_text()))
    assert captions
    assert all(f"{WORDS[seeds]} seeds" in caption for caption in captions)


def test_what_published_epochs_do_to_musegnn():
    """The same tissues under both presets."""
    published, fast = (
        pd.read_csv(ROOT / "results" / folder / "leaderboard.csv")
        for folder in ("preset-paper", "leaderboard")
    )

    def of(table: pd.DataFrame) -> dict[str, str]:
        own = table[(table["label"] == "musegnn") & table["tissue"].isin(published["tissue"])]
        means = own.groupby("metric")["mean"].mean().to_dict() | own[AVERAGES].mean().to_dict()
        return {name: number(value) for name, value in means.items()}

    before, after = of(fast), of(published)
    told = re.sub(r"\s+", " ", (ROOT / "results/preset-paper/README.md").read_text())
    for text in (
        "falls from {headline} under `fast` on these tissues to",
        "(Edges {replicated_edges} to",
        "too ({shared_function} to",
        "still found ({specific_function} to",
        "Avg Score {avg_score} under `fast`,",
    ):
        name = re.search(r"{(\w+)}", text)[1]
        assert f"{text.format(**before)} {after[name]}" in told
