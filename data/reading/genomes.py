"""Take the genes of one genome where a file has those of several."""

import warnings
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.renaming import MeasuredGenes, some_genes

COLUMN = "genome"


def of_genome(path: Path, genes: MeasuredGenes, var: Any, genome: str | None) -> MeasuredGenes:
    """Keep the genes of a genome, named without it (``TP53`` for ``GRCh38_TP53``).

    Parameters
    ----------
    path
        File, for messages.
    genes
        The genes of a file.
    var
        Table of these genes; its column ``genome`` tells theirs, or else their names begin with it.
    genome
        The genome; None to keep all.

    Raises
    ------
    DataError
        If no gene is of the genome.

    Warns
    -----
    DataWarning
        If genes of several genomes are kept.
    DataNote
        How many genes are of the genome.
    """
    listed = list(var[COLUMN].astype(object).fillna("").map(str)) if COLUMN in var else []
    genomes = [own for own in dict.fromkeys(listed) if own]
    if genome is None:
        if len(genomes) > 1:
            message = (
                f"'{path.name}' has genes of {len(genomes)} genomes ({', '.join(genomes[:4])}) "
                "that become nodes of one graph; --genome takes those of one"
            )
            warnings.warn(message, DataWarning, stacklevel=3)
        return genes
    prefix = f"{genome}_"
    kept = [own == genome for own in listed] or [n.startswith(prefix) for n in genes.names]
    if not any(kept):
        has = ", ".join(genomes) if genomes else "names without a genome in front"
        raise DataError(f"'{path}' has no gene of genome '{genome}'; it has {has}")
    message = f"{sum(kept)} of {len(kept)} genes are of genome '{genome}'"
    warnings.warn(message, DataNote, stacklevel=3)
    named = zip(kept, genes.names, strict=True)
    return some_genes(genes, [_without(prefix, name) if own else None for own, name in named])


def _without(prefix: str, name: str) -> str:
    # short names of genomes are padded with more than one "_"
    return name.removeprefix(prefix).lstrip("_") if name.startswith(prefix) else name
