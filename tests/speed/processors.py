"""Run one seed of every method on this processor and as on an old one (`make processors`).

How far scores of one seed depend on the machine: last digits differ from processor to processor,
and training enlarges them.
"""

import os
import subprocess
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click
from helpers.old_processor import OLD_PROCESSOR
from helpers.places import ROOT
from rich.console import Console

from speed.commands import BENCH
from speed.sheet import Sheet, print_sheet, to_markdown

if TYPE_CHECKING:
    from pandas import DataFrame

QUESTIONS = ("replicated_edges", "new_donor", "shared_function", "specific_function")
PAPER = ("edge_auc", "asw", "graph_connectivity", "ilisi", "cgr", "neighbour_overlap")
TASK = ("--source", "simulated-scrna", "--preset", "fast", "--seeds", "1")


@click.command("processors")
@click.option("--tissue", default="lung", show_default=True, help="Which embedded task.")
@click.option("--methods", default="default,released", show_default=True, help="As of bench run.")
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Folder of the runs.")
@click.option("--out", type=click.Path(path_type=Path), help="Markdown to write.")
def main(tissue: str, methods: str, work: Path, out: Path | None) -> None:
    """Compare the scores of one seed; goes on where it stopped."""
    work = work.resolve()
    (work / "numba").mkdir(parents=True, exist_ok=True)
    old = OLD_PROCESSOR | {"NUMBA_CACHE_DIR": str(work / "numba")}
    tables = []
    for folder, environment in ((work / "here", {}), (work / "old", old)):
        words = ("--tissue", tissue, "--methods", methods, "--out", folder, "--jobs", "1", *TASK)
        subprocess.run([*BENCH, "run", *words], env=os.environ | environment, check=True)
        tables.append(_leaderboard(folder))
    sheet = _sheet(tissue, *tables)
    print_sheet(Console(), sheet)
    if out is not None:
        out.write_text(to_markdown((), [sheet], title="One seed, two processors"), encoding="utf-8")


def _leaderboard(folder: Path) -> "DataFrame":
    import pandas as pd

    words = ("leaderboard", "--out", folder, "--format", "csv")
    told = subprocess.run([*BENCH, *words], check=True, capture_output=True, text=True).stdout
    return pd.read_csv(StringIO(told)).set_index(["label", "metric"])


def _sheet(tissue: str, here: "DataFrame", old: "DataFrame") -> Sheet:
    import pandas as pd

    committed = pd.read_csv(ROOT / "results" / "leaderboard" / "leaderboard.csv")
    seeds = committed[committed["tissue"] == tissue].set_index(["label", "metric"])["sd"]
    rows = []
    for label in here.dropna(subset="headline").index.get_level_values("label").unique():
        mine, other = here.loc[label], old.loc[label]
        moved = (other["mean"] - mine["mean"]).abs()
        head = float(mine["headline"].iloc[0])
        texts = [label, f"{round(head, 3) + 0:.3f}", f"{abs(other['headline'].iloc[0] - head):.5f}"]
        for names in (QUESTIONS, PAPER):
            widest = moved.reindex(list(names)).idxmax()
            texts.append(f"{moved[widest]:.4f} ({mine.loc[widest, 'metric_label']})")
            texts.append(f"{seeds[label, widest]:.4f}")
        rows.append(tuple(texts))
    headings = ("", "headline", "moves by", "a question by", "SD", "a metric of the paper by", "SD")
    return Sheet(
        f"{tissue.capitalize()}, simulated scRNA, `fast`, seed 0",
        headings,
        tuple(rows),
        (
            "The same seed with all instructions of this machine's processor, and with those of "
            "2008 alone: numpy, OpenBLAS, the C library, numba, torch and JAX without AVX and FMA. "
            "What moves most is shown; SD is that of the same over ten seeds.",
        ),
    )


if __name__ == "__main__":
    main()
