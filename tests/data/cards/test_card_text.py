"""The card for people says what the data are, what was done to them and how good they are."""

from pathlib import Path

import pytest

from genearena.data.add import add_file
from genearena.data.cards.card_text import data_card
from genearena.data.common.errors import StoreError
from genearena.data.options import BuildOptions, QualityControl
from genearena.data.quality.donor_overlap import graph_overlap
from genearena.data.quality.graph_quality import graph_quality
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import Store


@pytest.fixture
def added(table, tmp_path):
    """A store with one data set of two donors and one left out, and its card."""
    table.obs["donor"] = ["a", "b"] * 35 + ["c"] * 10
    table.write_h5ad(tmp_path / "t.h5ad")
    (tmp_path / "names.tsv").write_text("".join(f"{g}\tS{g}\n" for g in table.var_names))
    store = Store(tmp_path / "store")
    read = ReadOptions("lung", donor_key="donor", gene_names=tmp_path / "names.tsv")
    card = add_file(
        *(store, tmp_path / "t.h5ad", "mine", read),
        quality=QualityControl(min_genes=5, min_donor_cells=30),
        build=BuildOptions(n_genes=20, alpha=0.05),
        licence="CC0",
        citation="Somebody | 2020",
    )
    return store, card


def section(text, title):
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


def test_card_says_what_the_data_are(added):
    """Terms, file, fingerprint and versions are there; a bar does not break a table."""
    store, card = added
    text = store.text(card)
    for words in ("# Data card: lung (mine)", "Data: real", "File: t.h5ad", "Licence: CC0"):
        assert words in text
    assert "Citation: Somebody \\| 2020" in text
    assert card.fingerprint in text
    assert card.origin.sha256 in text
    assert {"python", "numpy", "scipy"} <= set(card.origin.versions)
    assert f"numpy {card.origin.versions['numpy']}" in section(text, "Versions")


def test_card_has_the_numbers_of_its_graphs(added):
    """Quality control, quality and overlap are the numbers of the functions that measure them."""
    store, card = added
    text = store.text(card)
    control = section(text, "Quality control")
    assert "| a | 35 | 35 | 30 | 30 | kept |" in control
    assert "| c | 10 | 0 | 30 | 0 | 'c' has 10 cells, want 30" in control
    one, two = store.graphs(card)
    for quality in (graph_quality(one), graph_quality(two)):
        row = next(r for r in section(text, "Graphs").splitlines() if f"| {quality.name} |" in r)
        for cell in (f"{quality.esnr:.2f}", f"{quality.degree_gini:.2f}", quality.n_edges):
            assert f"| {cell} |" in row
    pair = graph_overlap(one, two)
    assert f"| a | b | {pair.n_common} | {pair.gene_jaccard:.2f} |" in section(
        text, "What graphs share"
    )


def test_card_keeps_notes_warnings_and_parameters(added, tmp_path):
    """What was renamed and left out is said; tables are named without where they lie."""
    store, card = added
    text = store.text(card)
    assert "a symbol for 30 of 30 ids" in section(text, "Notes")
    assert "left out 'c'" in section(text, "Warnings")
    assert "| build | alpha | 0.05 |" in section(text, "Parameters")
    assert "names.tsv, SHA-256 " in section(text, "Parameters")
    assert str(tmp_path) not in text


def test_card_lies_beside_the_other_and_goes_with_it(added):
    """``card.md`` is written with ``card.json`` and removed with the data set."""
    store, card = added
    path = Path(store.folder) / "lung" / "mine" / "card.md"
    assert path.read_text(encoding="utf-8") == store.text(card)
    assert path.with_name("card.json").is_file()
    store.remove("lung", "mine")
    assert not path.exists()


def test_data_stored_without_a_card_have_one_made(added):
    """An absent card is made from what is stored; a damaged one is an error of one line."""
    store, card = added
    path = Path(store.folder) / "lung" / "mine" / "card.md"
    want = path.read_text(encoding="utf-8")
    path.unlink()
    assert store.text(card) == want
    path.write_bytes(b"\xff\xff")
    with pytest.raises(StoreError, match="cannot be read"):
        store.text(card)


def test_simulated_data_are_called_so(make_graph, tmp_path, added):
    """A simulated data set needs no licence and says that it is simulated."""
    _, card = added
    graph = card.graphs[0].model_copy(update={"simulated": True})
    simulated = card.model_copy(
        update={"graphs": (graph,), "origin": type(card.origin)(), "source": "sim"}
    )
    text = data_card(simulated, [make_graph("a")])
    assert "Data: SIMULATED" in text
    assert "Licence" not in text
    assert "None." in section(text, "What graphs share")
    assert "Licence: not given" in data_card(
        card.model_copy(update={"origin": type(card.origin)()}), [make_graph("a"), make_graph("b")]
    )
