"""The paper's aggregates from its own tables of metrics."""

from pathlib import Path

import pandas as pd
import pytest

from genearena.benchmark.aggregate import aggregate_table

PAPER = Path(__file__).resolve().parents[2].parent / "shared" / "paper"
TISSUES = ["Heart", "Lung", "Liver", "Kidney", "Spleen", "Cerebrum", "Cerebellum", "PBMC"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PAPER.exists(), reason="needs the published tables"),
]


def difference(column: str, printed_file: str) -> pd.DataFrame:
    """Return our aggregate of Tables 15-24 minus the printed one, (methods, tissues)."""
    ours = aggregate_table(pd.read_csv(PAPER / "benchmark_tables.csv"))
    wide = ours.pivot_table(index="method", columns="tissue", values=column)
    printed = pd.read_csv(PAPER / printed_file, index_col=0)
    return wide.rename(index={"MuSe-GNN": "MuSeGNN"}).loc[printed.index, printed.columns] - printed


def test_average_scores_of_table_1():
    """Eight tissues come out within 0.02, but for the one entry the paper contradicts."""
    gap = difference("avg_score", "table1_avg_score.csv")
    assert gap.loc["GIANT", "Heart"] == pytest.approx(-0.14, abs=0.01)
    gap.loc["GIANT", "Heart"] = 0.0
    assert gap[TISSUES].abs().to_numpy().max() < 0.02


def test_average_ranks_of_table_14():
    """Ranks of rounded values stay near the printed ones, which came from unrounded values."""
    gap = difference("avg_rank", "table14_avg_rank.csv")
    assert gap.abs().to_numpy().mean() < 0.2
    assert gap[TISSUES].abs().to_numpy().max() < 0.6
    # MuSe-GNN comes first on every tissue, as printed
    ours = gap + pd.read_csv(PAPER / "table14_avg_rank.csv", index_col=0)
    assert set(ours.idxmin()) == {"MuSeGNN"}


def test_all_metrics_of_the_paper_are_better_when_higher():
    """Turning any one metric around moves the scores away from the printed ones."""
    table = pd.read_csv(PAPER / "benchmark_tables.csv")
    printed = pd.read_csv(PAPER / "table1_avg_score.csv", index_col=0)[TISSUES]

    def error(higher: dict[str, bool]) -> float:
        wide = aggregate_table(table, higher).pivot_table(
            index="method", columns="tissue", values="avg_score"
        )
        ours = wide.rename(index={"MuSe-GNN": "MuSeGNN"}).loc[printed.index, printed.columns]
        return float((ours - printed).abs().to_numpy().mean())

    best = error({})
    assert all(error({metric: False}) > best + 0.02 for metric in table["metric"].unique())
