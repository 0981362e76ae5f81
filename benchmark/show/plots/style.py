"""What all figures share: fonts, colours, and files that are the same bytes for the same data."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.records.declared import declared_colour
from genearena.data.common.atomic import write_atomically
from genearena.data.common.errors import UsageError
from genearena.methods.registry import COMPETITORS, CONTROLS, faithful_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito's colours (told apart by colour-blind readers), then Tol's muted and vibrant ones; of
# so many some are near others, and shapes tell them apart
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#B8A90A"),
    *("#332288", "#882255", "#44AA99", "#AA4499", "#117733", "#661100", "#EE3377"),
    *("#DDCC77", "#004488", "#6699CC", "#999933", "#7A5C3E", "#BBCC33"),
)
CONTROL = "#8C8C8C"
INK = "#222222"
FAINT = "#D9D9D9"
COLUMN_INCHES = 8.5 / 2.54
"""Width of one column of a journal."""
PAGE_INCHES = 17.4 / 2.54
"""Width of a journal's page."""
Marker = str | tuple[int, int, int]
"""As matplotlib has it: a letter, or a star's points, 1, and its angle."""
MARKERS: tuple[Marker, ...] = (
    *("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*", "d", "8"),
    *((4, 1, 0), (6, 1, 0), (3, 1, 0), (5, 1, 180), (3, 1, 180), (4, 1, 45)),
)
CONTROL_MARKERS = ("x", "+", "1", "|", "3", "4", "_", ".")
OTHER_CONTROL = "2"
HATCH = "//////"
"""What marks released variants where areas have a colour."""

FORMATS = ("png", "svg", "pdf")

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
    # names come from files: a dollar sign in one begins no formula
    "text.parse_math": False,
    # a third of a point is less than a curve's width
    "path.simplify_threshold": 0.3,
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


def check_figure_path(path: Path) -> None:
    """Raise UsageError unless the suffix is that of a figure."""
    if path.suffix[1:] not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"'{path}' is no figure; end its name in {known}")


def write_figure(draw: "Callable[[], Figure]", path: Path) -> None:
    """Draw a figure in the suite's look and write it; see `save_figure`."""
    with figure_style():
        save_figure(draw(), path)


def save_figure(figure: "Figure", path: Path, *, crop: bool = True) -> None:
    """Write a figure in the format of its suffix: png (200 dots per inch), svg or pdf.

    Cropping to what is drawn takes a second drawing; what fits its page does not need it.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    kind = path.suffix[1:]
    write_atomically(
        path,
        lambda temporary: figure.savefig(
            temporary,
            format=kind,
            dpi=200,
            metadata=_METADATA.get(kind),
            bbox_inches="tight" if crop else None,
            # the margins are the page's: a figure drawn a column wide stays so
            pad_inches=0.02,
        ),
    )


def logarithmic(axes: "Axes", *, linear_to: float = 0.0) -> None:
    """Give a panel a logarithmic x axis with plain numbers: formulas are off, see above.

    Parameters
    ----------
    axes
        The panel.
    linear_to
        Where the logarithmic part begins, so that 0 has a place; 0 if it has none.
    """
    from matplotlib.ticker import FuncFormatter, NullFormatter

    if linear_to:
        axes.set_xscale("symlog", linthresh=linear_to)
    else:
        axes.set_xscale("log")
    # matplotlib's own labels of such axes are formulas
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def method_colour(row: Row) -> str:
    """Return the colour of a method, the same in all figures and variants; grey for controls.

    It is the one that the class of a plugin declares; the suite's methods have theirs by their
    place in the registry, and others take the rest.
    """
    if row.control:
        return CONTROL
    return declared_colour(faithful_name(row.runs.name)) or COLOURS[_place(row)]


def method_marker(row: Row) -> Marker:
    """Return the shape of a method's points, the same in all figures and variants."""
    if not row.control:
        return MARKERS[_place(row)]
    looks = dict(zip(CONTROLS, CONTROL_MARKERS, strict=False))
    return looks.get(row.runs.key.name, OTHER_CONTROL)


def method_colours(boards: Iterable[Leaderboard]) -> dict[str, str]:
    """Return row label -> colour for figures over several tasks."""
    return {row.label: method_colour(row) for board in boards for row in board.rows}


def _place(row: Row) -> int:
    name = faithful_name(row.runs.name)
    if name in COMPETITORS:
        return COMPETITORS.index(name) % len(COLOURS)
    # among the company already, but for a method that other records call a control
    return _places((*row.company, name))[name]


@cache
def _places(company: tuple[str, ...]) -> dict[str, int]:
    """Return method -> place for the methods that have no look of their own.

    The name says where a method would like to be, so that it looks the same among other results;
    where two want the same, the newer takes the next, so that adding one changes no other's look.
    """
    # however many the suite has, the last few looks are for others
    first = min(len(COMPETITORS), len(COLOURS) - 4)
    rest = len(COLOURS) - first
    names = dict.fromkeys(map(faithful_name, company))
    places: dict[str, int] = {}
    for name in (name for name in names if name not in COMPETITORS):
        # when all are taken a second round begins, of the same colours
        taken = list(places.values())[len(places) // rest * rest :]
        wish = zlib.crc32(name.encode())
        order = (first + (wish + step) % rest for step in range(rest))
        places[name] = next(place for place in order if place not in taken)
    return places


def dataset_colours(names: Sequence[str]) -> dict[str, str]:
    """Return a colour for every data set of a task, by their order."""
    return {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}


def title(boards: Sequence[Leaderboard], what: str) -> str:
    """Return a figure's title: what it shows of which tasks, and whether data are simulated."""
    of = boards[0].task.label if len(boards) == 1 else f"{len(boards)} tissues"
    simulated = sum(board.task.simulated for board in boards)
    data = {0: "", len(boards): ", SIMULATED data"}.get(simulated, f", {simulated} SIMULATED")
    return f"{what}: {of}{data}"
