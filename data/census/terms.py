"""The Census' words for what a user asks for: release, organism, tissue, assay, disease."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from genearena.data.common.errors import UsageError, did_you_mean

ARCHIVE = "CELLxGENE Census"
LICENCE = "CC BY 4.0"
"""Licence under which the Census offers its data, where a dataset names no other."""
ORGANISMS: Mapping[str, str] = MappingProxyType(
    {
        "human": "Homo sapiens",
        "mouse": "Mus musculus",
        "marmoset": "Callithrix jacchus",
        "macaque": "Macaca mulatta",
        "chimpanzee": "Pan troglodytes",
    }
)
TISSUE_TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"pbmc": ("blood",), "cerebrum": ("telencephalon", "cerebral cortex")}
)
"""Tissues of the suite that the Census calls otherwise."""
ANY = "any"

Terms = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class CellFilter:
    """Which cells are asked for, in the Census' words; never those that another dataset repeats.

    `organism` is a Latin name; a cell matches one of `tissues` by its tissue or the general one;
    no assays, or None for a disease, stand for all.
    """

    organism: str
    tissues: tuple[str, ...]
    assays: tuple[str, ...] = ()
    disease: str | None = None


def resolve_version(asked: str, versions: Mapping[str, str]) -> str:
    """Return the build date of a release named by its date or an alias; else raise UsageError."""
    if asked in versions:
        return versions[asked]
    raise UsageError(f"{ARCHIVE} has no release '{asked}'; {_nearest(asked, versions)}")


def organism_of(species: str) -> str:
    """Return the Latin name of a species; raise UsageError if the Census has none such."""
    if species in ORGANISMS.values():
        return species
    if species.lower() in ORGANISMS:
        return ORGANISMS[species.lower()]
    raise UsageError(f"{ARCHIVE} has no species '{species}'; {_nearest(species, ORGANISMS)}")


def species_of(organism: str) -> str:
    """Return the suite's name of an organism that `organism_of` has returned."""
    return next(species for species, latin in ORGANISMS.items() if latin == organism)


def resolve_filter(
    terms: Terms,
    organism: str,
    tissue: str,
    *,
    census_tissues: tuple[str, ...] = (),
    assay: str = ANY,
    disease: str = ANY,
) -> CellFilter:
    """Say in the Census' words which cells are asked for.

    Parameters
    ----------
    terms
        Words the release has for this organism, see `SomaCensus.terms`.
    organism, tissue, census_tissues
        Latin name, the suite's name of the tissue, and the Census' names of it that replace those
        that `tissue` stands for.
    assay, disease
        A term, of an assay also the start of several (``10x``), or ``any``.

    Raises
    ------
    UsageError
        If the release has nothing of the organism, or no such term.
    """
    if not terms:
        raise UsageError(f"this release of {ARCHIVE} has no cells of {organism}; try a newer one")
    known = {**terms.get("tissue", {}), **terms.get("tissue_general", {})}
    asked = census_tissues or TISSUE_TERMS.get(tissue, (tissue.replace("_", " "),))
    found = tuple(name for name in asked if name in known)
    if not found or (census_tissues and len(found) < len(asked)):
        missing = next(name for name in asked if name not in known)
        raise UsageError(
            f"{ARCHIVE} has no tissue '{missing}'; {_nearest(missing, known)} (--census-tissue)"
        )
    return CellFilter(
        organism, found, _assays(assay, terms.get("assay", {})), _disease(disease, terms)
    )


def _assays(asked: str, known: Mapping[str, int]) -> tuple[str, ...]:
    if asked == ANY:
        return ()
    wanted = asked.casefold()
    exact = tuple(name for name in known if name.casefold() == wanted)
    found = exact or tuple(sorted(name for name in known if name.casefold().startswith(wanted)))
    if not found:
        raise UsageError(f"{ARCHIVE} has no assay '{asked}'; {_nearest(asked, known)}")
    return found


def _disease(asked: str, terms: Terms) -> str | None:
    known = terms.get("disease", {})
    if asked == ANY:
        return None
    if asked not in known:
        raise UsageError(f"{ARCHIVE} has no disease '{asked}'; {_nearest(asked, known)}")
    return asked


def _nearest(asked: str, known: Iterable[str]) -> str:
    names = list(known)
    if near := [name for name in names if asked.casefold() in name.casefold()][:3]:
        return f"did you mean {' or '.join(map(repr, near))}?"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return did_you_mean(asked, names, f"choose from {', '.join(sorted(names)[:12])}{more}")
