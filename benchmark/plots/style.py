"""What all figures share: fonts, colours, and files that are the same bytes for the same data."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.benchmark.atomic import write_atomically
from genearena.benchmark.leaderboard import Leaderboard, Row
from genearena.methods.registry import METHODS, faithful_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe & Ito's colours (told apart by colour-blind readers), then Tol's muted ones
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#B8A90A"),
    *("#332288", "#882255", "#44AA99", "#AA4499", "#999933", "#661100", "#6699CC"),
)
CONTROL = "#8C8C8C"
INK = "#222222"
FAINT = "#D9D9D9"
COLUMN_INCHES = 8.5 / 2.54
"""Width of one column of a journal."""

_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.titlesize": 8.5,
    "figure.labelsize": 8,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "text.color": INK,
    "pdf.fonttype": 42,
    # fixed names of clip paths instead of random ones
    "svg.hashsalt": "genearena",
}
_METADATA: dict[str, dict[str, None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


@contextmanager
def figure_style() -> Iterator[None]:
    """Apply the suite's look to figures drawn inside, whatever the user's own settings."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure in the format of its suffix: png (200 dots per inch), svg or pdf.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    kind = path.suffix[1:]
    write_atomically(
        path,
        lambda temporary: figure.savefig(
            temporary, format=kind, dpi=200, metadata=_METADATA.get(kind), bbox_inches="tight"
        ),
    )


def method_colour(row: Row) -> str:
    """Return the colour of a method, the same in all figures and variants; grey for controls."""
    if row.control:
        return CONTROL
    return COLOURS[_position(faithful_name(row.runs.key.name)) % len(COLOURS)]


def method_colours(boards: Iterable[Leaderboard]) -> dict[str, str]:
    """Return row label -> colour for figures over several tasks."""
    return {row.label: method_colour(row) for board in boards for row in board.rows}


def _position(name: str) -> int:
    # methods that are no longer installed still get some fixed colour
    return METHODS.names.index(name) if name in METHODS.names else sum(map(ord, name))


def dataset_colours(names: Sequence[str]) -> dict[str, str]:
    """Return a colour for every data set of a task, by their order."""
    return {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}


def title(board: Leaderboard, what: str) -> str:
    """Return a figure's title: what it shows of which task, and whether the data are simulated."""
    warning = ", SIMULATED data" if board.task.simulated else ""
    return f"{what}: {board.task.label}{warning}"
