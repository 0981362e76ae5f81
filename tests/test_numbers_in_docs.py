"""The headline tables of the documentation are those of the committed results."""

import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/choose.md"
QUESTIONS = {
    "real": ["replicated_edges", "new_donor", "shared_partners", "rewiring"],
    "leaderboard": ["replicated_edges", "new_donor", "shared_function", "specific_function"],
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


def number(value: float) -> str:
    """Return two decimals without the leading zero, nothing of what is not there."""
    if pd.isna(value):
        return ""
    text = f"{round(value, 2) + 0:.2f}"
    return re.sub(r"^(-?)0\.", r"\1.", text)


@pytest.mark.parametrize("folder", QUESTIONS)
def test_headlines(folder):
    """Methods in their order, then controls in italics."""
    found = re.search(rf"<!-- {folder} -->\n\n(.*?)\n\n<!-- /{folder} -->", PAGE.read_text(), re.S)
    assert found
    assert found[1] == headline_table(folder), f"want\n{headline_table(folder)}"
