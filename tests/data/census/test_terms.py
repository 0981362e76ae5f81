"""From a user's words to the Census'."""

import pytest

from genearena.data.census.terms import organism_of, resolve_filter, resolve_version, species_of
from genearena.data.common.errors import UsageError

TERMS = {
    "assay": {"10x 3' v3": 9, "10x 5' v2": 5, "10x 3' v2": 4, "Drop-seq": 2, "Smart-seq2": 1},
    "tissue_general": {"blood": 9, "lung": 8, "brain": 7, "bone marrow": 5},
    "tissue": {"cerebellum": 3, "left lung": 8, "cerebral cortex": 2},
    "disease": {"normal": 9, "asthma": 2},
}


def resolve(tissue="lung", **options):
    return resolve_filter(TERMS, "Homo sapiens", tissue, **options)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("10x", ("10x 3' v2", "10x 3' v3", "10x 5' v2")),
        ("10X 3'", ("10x 3' v2", "10x 3' v3")),
        ("drop-seq", ("Drop-seq",)),
        ("any", ()),
    ],
)
def test_an_assay_is_a_term_or_the_start_of_some(asked, found):
    """Prefixes match whatever the case; any is no filter."""
    assert resolve(assay=asked).assays == found


@pytest.mark.parametrize(
    ("tissue", "found"),
    [
        ("lung", ("lung",)),
        ("pbmc", ("blood",)),
        ("cerebellum", ("cerebellum",)),
        ("cerebrum", ("cerebral cortex",)),
        ("bone_marrow", ("bone marrow",)),
    ],
)
def test_a_tissue_goes_by_the_names_the_census_has(tissue, found):
    """Our names become the Census' where they differ, general tissues and others alike."""
    assert resolve(tissue).tissues == found


def test_the_census_name_can_be_given():
    """--census-tissue goes before our own idea of the name."""
    assert resolve("lung", census_tissues=("left lung",)).tissues == ("left lung",)


@pytest.mark.parametrize(
    ("tissue", "options", "words"),
    [
        ("lugn", {}, ("no tissue 'lugn'", "did you mean 'lung'")),
        ("lung", {"census_tissues": ("lung", "marrow")}, ("no tissue 'marrow'", "'bone marrow'")),
        ("lung", {"assay": "smart-seq3"}, ("no assay 'smart-seq3'", "'Smart-seq2'")),
        ("lung", {"assay": "xyz"}, ("no assay 'xyz'", "choose from")),
        ("lung", {"disease": "astma"}, ("no disease 'astma'", "'asthma'")),
    ],
)
def test_unknown_terms_name_the_nearest(tissue, options, words):
    """A term the release lacks is a wrong request with a hint."""
    with pytest.raises(UsageError) as caught:
        resolve(tissue, **options)
    assert all(word in str(caught.value) for word in words)


def test_an_organism_without_cells_is_refused():
    """Releases before 2025 have no monkeys."""
    with pytest.raises(UsageError, match="no cells of Pan troglodytes"):
        resolve_filter({}, "Pan troglodytes", "lung")


def test_species_have_latin_names_and_back():
    """Both names are taken; others are refused with the known ones."""
    assert organism_of("Human") == organism_of("Homo sapiens") == "Homo sapiens"
    assert species_of(organism_of("mouse")) == "mouse"
    with pytest.raises(UsageError, match="no species 'lemur'; choose from chimpanzee, human"):
        organism_of("lemur")


def test_a_release_is_a_date_or_an_alias():
    """stable resolves to the date it stands for, so that records can be repeated."""
    versions = {"stable": "2025-01-30", "2025-01-30": "2025-01-30", "2024-07-01": "2024-07-01"}
    assert resolve_version("stable", versions) == "2025-01-30"
    with pytest.raises(UsageError, match="no release '2025-01-31'; did you mean '2025-01-30'"):
        resolve_version("2025-01-31", versions)
