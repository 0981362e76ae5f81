"""The catalogue of tissues."""

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from genearena.data.cards.tissues import TISSUES, tissue_spec
from genearena.data.common.errors import UsageError

PAPER = ["heart", "lung", "liver", "kidney", "thymus"]
PAPER += ["spleen", "pancreas", "cerebrum", "cerebellum", "pbmc"]


def test_the_ten_tissues_of_the_paper_in_order():
    """The catalogue holds the paper's ten tissues under their own names."""
    assert list(TISSUES) == PAPER
    assert all(spec.name == name for name, spec in TISSUES.items())


def test_what_the_paper_has_of_each_tissue():
    """Modalities and species are those of the paper's Figures 21 and 22."""
    scatac = {name for name, spec in TISSUES.items() if spec.scatac}
    spatial = {name for name, spec in TISSUES.items() if spec.spatial}
    animals = {name for name, spec in TISSUES.items() if spec.other_species}
    assert scatac == set(PAPER) - {"liver", "pbmc"}
    assert spatial == {"heart", "cerebrum"}
    assert animals == {"heart", "lung", "kidney", "liver", "thymus", "spleen"}
    assert {spec.other_species for spec in TISSUES.values()} == {(), ("lemur", "mouse")}
    assert TISSUES["heart"].modalities == ("scrna", "scatac", "spatial")
    assert TISSUES["pbmc"].modalities == ("scrna",)


def test_tissues_differ():
    """No two tissues share a gene prefix or all their simulation parameters."""
    specs = TISSUES.values()
    shapes = {(s.donors, s.programmes, s.cell_types, s.depth) for s in specs}
    assert len({s.prefix for s in specs}) == len(shapes) == 10


def test_the_catalogue_cannot_be_changed():
    """Neither the mapping nor a tissue can be written to."""
    with pytest.raises(TypeError):
        TISSUES["lung"] = TISSUES["heart"]
    with pytest.raises(FrozenInstanceError):
        TISSUES["lung"].donors = 9


@pytest.mark.parametrize(
    ("name", "message"),
    [("lungs", "did you mean 'lung'"), ("Heart", "'heart'"), ("xyz", "choose from heart, lung")],
)
def test_an_unknown_tissue_is_answered_with_names(name, message):
    """A misspelt tissue gets the nearest names, a strange one all of them."""
    with pytest.raises(UsageError, match=message):
        tissue_spec(name)


def test_importing_the_catalogue_is_light():
    """Neither numpy nor anything heavier is imported with the catalogue."""
    code = "import sys, genearena.data.cards.tissues; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "pandas", "torch"} & set(done.stdout.split())
