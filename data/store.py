"""Keep the graphs of every data set in a folder, so that each is computed once.

A data set `source` of a tissue is the file ``<tissue>/<source>/card.json`` and the folder beside
it that the card names; ``card.md`` is for people. The JSON card is put in place last and in one
step: whatever fails before leaves the data as they were.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from genearena.data.cards.stored_card import SCHEMA_VERSION, Origin, SourceCard, describe
from genearena.data.common.errors import DataError, StoreError, UsageError
from genearena.data.common.foreign_files import read_whole
from genearena.data.graph_files import read_graph, write_graph
from genearena.data.graphs import GeneGraph, GraphCollection

FOLDER_VARIABLE = "GENEARENA_DATA"
SIMULATED = "simulated"
SIMULATED_SCRNA = "simulated-scrna"
"""The scRNA donors of the same alone."""
SIMULATED_WHOLE = "simulated-paper"
"""The same without a half of the cells kept back, as in the paper."""
EMBEDDED = (SIMULATED, SIMULATED_SCRNA, SIMULATED_WHOLE)
RESERVED = ("auto", *EMBEDDED)
CARD = "card.json"
CARD_TEXT = "card.md"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def default_folder() -> Path:
    """Return the folder of stored graphs: ``$GENEARENA_DATA`` or the user's data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_dir

    return Path(user_data_dir("genearena")) / "tasks"


def check_name(kind: str, name: str) -> str:
    """Return `name` if it can name a folder, see `NAME`; else raise UsageError."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{kind} name '{name}' is not usable; take up to 64 letters, digits, '.', '_', '-', "
            "the first a letter or digit"
        )
    return name


class Store:
    """The stored data sets of all tissues.

    They are in `folder`, by default `default_folder`, which is made when something is stored.
    Whatever of them is missing, damaged or changed raises StoreError when it is read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = default_folder() if folder is None else folder

    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return (tissue, data set) of all that is stored, sorted."""
        places = (path.parent for path in self.folder.glob(f"*/*/{CARD}"))
        names = ((place.parent.name, place.name) for place in places)
        return tuple(sorted(pair for pair in names if all(map(NAME.fullmatch, pair))))

    def cards(self, tissue: str) -> tuple[SourceCard, ...]:
        """Return the cards of a tissue's data sets in the order of their names."""
        return tuple(self.card(of, source) for of, source in self.sources() if of == tissue)

    def has(self, tissue: str, source: str) -> bool:
        """Return whether there is such a data set."""
        return (self._place(tissue, source) / CARD).is_file()

    def card(self, tissue: str, source: str) -> SourceCard:
        """Return the card of one data set."""
        path = self._place(tissue, source) / CARD
        try:
            card = SourceCard.model_validate_json(read_whole(path))
        except OSError as error:
            raise StoreError(f"'{path}' cannot be read ({error.strerror})") from error
        except (ValidationError, DataError) as error:
            raise StoreError(
                f"'{path}' is damaged; remove the data set (bench data remove) and add it again"
            ) from error
        return card if card.schema_version == SCHEMA_VERSION else self._renewed(card)

    def text(self, card: SourceCard) -> str:
        """Return the card of a data set as Markdown, made anew if it was stored without one."""
        path = self._place(card.tissue, card.source) / CARD_TEXT
        try:
            return read_whole(path).decode()
        except FileNotFoundError:
            return _text(card, self.graphs(card))
        except (OSError, UnicodeDecodeError, DataError) as error:
            raise StoreError(f"'{path}' cannot be read ({error}); add the data again") from error

    def graphs(self, card: SourceCard) -> tuple[GeneGraph, ...]:
        """Read the graphs of a data set."""
        folder = self._place(card.tissue, card.source) / check_name("folder", card.folder)
        exact = card.schema_version == 1
        return tuple(
            read_graph(folder / _file(i), graph, card.tissue, exact=exact)
            for i, graph in enumerate(card.graphs)
        )

    def files(self, card: SourceCard) -> tuple[Path, ...]:
        """Return the files of a data set, relative to the store's folder."""
        place = Path(card.tissue) / card.source
        graphs = (place / card.folder / _file(i) for i in range(len(card.graphs)))
        return (place / CARD, *graphs)

    def add(
        self,
        tissue: str,
        source: str,
        graphs: Sequence[GeneGraph],
        origin: Origin,
        *,
        replace: bool = False,
    ) -> SourceCard:
        """Store graphs of a tissue, at least one, as the data set `source` that has this origin.

        An existing data set of this name is kept unless it is to be replaced.

        Returns
        -------
        The card of the data set that is stored now: that of another process if it was first.

        Raises
        ------
        StoreError
            If the folder cannot be written to; what was stored before is untouched.
        """
        place = self._place(tissue, source)
        card = _described(tissue, source, graphs, origin)
        with _writing(self.folder, tidy=place):
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".new-", dir=place) as temporary:
                self._write(Path(temporary), place, card, graphs, replace)
        return self.card(tissue, source)

    def remove(self, tissue: str, source: str) -> None:
        """Delete a data set; StoreError if it cannot be deleted."""
        with _writing(self.folder, tidy=self.folder / tissue):
            (self._place(tissue, source) / CARD).unlink()
            shutil.rmtree(self._place(tissue, source))

    def _place(self, tissue: str, source: str) -> Path:
        return self.folder / check_name("tissue", tissue) / check_name("source", source)

    def _renewed(self, card: SourceCard) -> SourceCard:
        """Return a card of schema 1 with today's digests, and keep it where it can be written."""
        graphs = self.graphs(card)
        renewed = _described(card.tissue, card.source, graphs, card.origin, folder=card.folder)
        place = self._place(card.tissue, card.source)
        with suppress(OSError), tempfile.TemporaryDirectory(prefix=".new-", dir=place) as temporary:
            _write_card(Path(temporary), renewed, graphs)
            _move_card(Path(temporary), place)
        return renewed

    def _write(
        self,
        temporary: Path,
        place: Path,
        card: SourceCard,
        graphs: Sequence[GeneGraph],
        replace: bool,
    ) -> None:
        (temporary / "graphs").mkdir()
        for i, graph in enumerate(graphs):
            write_graph(temporary / "graphs" / _file(i), graph)
        _write_card(temporary, card, graphs)
        if not replace and (place / CARD).exists():
            return
        _move_folder(temporary / "graphs", place / card.folder)
        _move_card(temporary, place)
        for old in place.iterdir():
            if old.is_dir() and not old.name.startswith(".new-") and old.name != card.folder:
                shutil.rmtree(old, ignore_errors=True)


def _described(
    tissue: str, source: str, graphs: Sequence[GeneGraph], origin: Origin, *, folder: str = ""
) -> SourceCard:
    fingerprint = GraphCollection(tissue, source, tuple(graphs)).fingerprint
    return SourceCard(
        tissue=tissue,
        source=source,
        fingerprint=fingerprint,
        folder=folder or fingerprint[:16],
        graphs=tuple(describe(graph) for graph in graphs),
        origin=origin,
    )


def _write_card(folder: Path, card: SourceCard, graphs: Sequence[GeneGraph]) -> None:
    (folder / CARD).write_text(card.model_dump_json())
    (folder / CARD_TEXT).write_text(_text(card, graphs), encoding="utf-8")


def _move_card(new: Path, place: Path) -> None:
    os.replace(new / CARD_TEXT, place / CARD_TEXT)
    os.replace(new / CARD, place / CARD)


def _text(card: SourceCard, graphs: Sequence[GeneGraph]) -> str:
    # what measures quality takes a while to import, and the store is behind light commands
    from genearena.data.cards.card_text import data_card

    return data_card(card, graphs)


def _file(position: int) -> str:
    return f"{position:03d}.npz"


def _move_folder(new: Path, target: Path) -> None:
    """Put `new` at `target`; where that exists, file by file, which mends damaged ones."""
    try:
        os.rename(new, target)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise
        for path in new.iterdir():
            os.replace(path, target / path.name)


@contextmanager
def _writing(folder: Path, *, tidy: Path) -> Iterator[None]:
    """Turn a failure to write into a StoreError, and leave no empty folder `tidy`."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot write to '{folder}' ({error.strerror or error}); "
            f"free space, or choose another folder with --data-dir or {FOLDER_VARIABLE}"
        ) from error
    finally:
        with suppress(OSError):
            tidy.rmdir()
