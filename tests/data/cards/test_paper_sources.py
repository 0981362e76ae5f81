"""The paper's sources as the package knows them."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from places import SHARED

from genearena.data.cards.paper_sources import PAPER_SOURCES, sources_of
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import UsageError


@pytest.mark.parametrize("tissue", TISSUES)
def test_every_tissue_and_modality_has_a_source(tissue):
    """What the catalogue says the paper has of a tissue, the sources have too, and no more."""
    human = {s.modality for s in sources_of(tissue) if s.species == "human"}
    assert human == set(TISSUES[tissue].modalities)
    animals = {s.species for s in sources_of(tissue)} - {"human"}
    assert animals == set(TISSUES[tissue].other_species)


@pytest.mark.parametrize("source", PAPER_SOURCES, ids=lambda s: s.url)
def test_links_are_whole(source):
    """A link is https with a host, a path and no blank or line break of the print."""
    parts = urlsplit(source.url)
    assert parts.scheme == "https"
    assert "." in parts.netloc
    assert parts.path.startswith("/")
    assert source.url.isascii()
    assert not any(c.isspace() for c in source.url)
    assert source.what
    assert set(source.tissues) <= set(TISSUES)


def test_links_of_data_sets_are_not_repeated():
    """Only the portal that the paper names in several rows repeats."""
    times = Counter(source.url for source in PAPER_SOURCES)
    assert [url for url, n in times.items() if n > 1] == [
        "https://descartes.brotmanbaty.org/bbi/human-gene-expression-during-development/"
    ]


@pytest.mark.shared
def test_links_are_in_the_paper():
    """Every link is, but for line breaks and underscores lost, in the paper's own tables."""
    folder = SHARED / "paper"
    texts = sorted(folder.glob("000_*.txt"))
    if not texts:
        pytest.skip("the paper's text is not here")
    cells = (line.split("\t")[2:] for line in texts[0].read_text().splitlines())
    printed = "".join("".join(cell) for cell in cells)
    printed = "".join(printed.replace("<u>", "").replace("</u>", "").replace("_", "").split())
    for source in PAPER_SOURCES:
        assert source.url.removesuffix("/").replace("_", "") in printed, source.url


def test_filter_refuses_unknown_tissues():
    """The nearest name is offered."""
    with pytest.raises(UsageError, match="did you mean 'lung'"):
        sources_of("lnug")
