"""WSMAE as published beside MuSe-GNN."""

from typing import ClassVar, NoReturn

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GraphCollection
from genearena.methods.base import Variant
from genearena.methods.wsmae import WSMAE


class ReleasedWSMAE(WSMAE):
    """WSMAE as the scripts published with MuSe-GNN leave it: it does not run.

    The script reads a field that no code sets. Any repair would be ours and not the script's, so
    that this row of tables only says why it is empty; `WSMAE` is the method that runs.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, patience, precision
        As in `WSMAE`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "wsmae:released"
    variant: ClassVar[Variant] = "released"
    cannot_run = "the published script stops: it reads a field that is never set"

    def _prepare(self, graphs: GraphCollection) -> NoReturn:  # noqa: ARG002 - as all methods
        raise MethodError(f"{self.name}: {self.cannot_run}")
