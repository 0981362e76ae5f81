"""The ten tissues of the paper: what data it has of each, and how the simulator varies them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from genearena.data.common.errors import UsageError, did_you_mean


@dataclass(frozen=True)
class TissueSpec:
    """What the suite knows about one tissue before any data are read.

    Parameters
    ----------
    name, prefix
        Name used on the command line, and start of the synthetic gene names (``LUNG0001``).
    donors
        scRNA donors simulated by default; the paper's own number is in its supplement only.
    programmes, cell_types
        Gene programmes shared by the donors, and cell types, each with marker programmes.
    depth
        Median counts per cell of an average scRNA donor.
    scatac, spatial, other_species
        Whether the paper has such a data set of the tissue (its Figure 21), and further species
        it has the tissue of (its Figure 22).
    """

    name: str
    prefix: str
    donors: int
    programmes: int
    cell_types: int
    depth: float
    scatac: bool = False
    spatial: bool = False
    other_species: tuple[str, ...] = ()

    @property
    def modalities(self) -> tuple[str, ...]:
        """Modalities the paper has of the tissue, scRNA first."""
        offered = {"scrna": True, "scatac": self.scatac, "spatial": self.spatial}
        return tuple(modality for modality, present in offered.items() if present)


_ANIMALS = ("lemur", "mouse")

TISSUES: Mapping[str, TissueSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            TissueSpec("heart", "HEART", 4, 9, 6, 1700.0, True, True, _ANIMALS),
            TissueSpec("lung", "LUNG", 4, 12, 8, 1600.0, True, False, _ANIMALS),
            TissueSpec("liver", "LIVER", 3, 8, 5, 1900.0, False, False, _ANIMALS),
            TissueSpec("kidney", "KIDNEY", 4, 11, 8, 1500.0, True, False, _ANIMALS),
            TissueSpec("thymus", "THYMUS", 3, 8, 5, 1800.0, True, False, _ANIMALS),
            TissueSpec("spleen", "SPLEEN", 3, 9, 6, 1500.0, True, False, _ANIMALS),
            TissueSpec("pancreas", "PANCREAS", 4, 10, 7, 2000.0, True),
            TissueSpec("cerebrum", "CEREBRUM", 4, 12, 7, 1500.0, True, True),
            TissueSpec("cerebellum", "CEREBELLUM", 3, 10, 6, 1400.0, True),
            TissueSpec("pbmc", "PBMC", 5, 10, 6, 1500.0),
        )
    }
)
"""Every tissue by name, in the paper's order."""


def tissue_spec(name: str) -> TissueSpec:
    """Return what is known about the tissue `name`.

    Raises
    ------
    UsageError
        If there is no such tissue; the message offers the nearest names.
    """
    if name not in TISSUES:
        raise UsageError(f"unknown tissue '{name}'; {did_you_mean(name.lower(), TISSUES)}")
    return TISSUES[name]
