"""The plain models by the name of the method."""

from collections.abc import Callable, Mapping

from genearena.data.graphs import GraphCollection
from speed.plain.gae import PlainGAE
from speed.plain.mae import PlainMAE
from speed.plain.model import PlainModel
from speed.plain.musegnn import PlainMuSeGNN
from speed.plain.vgae import PlainVGAE
from speed.plain.wsmae import PlainWSMAE

PLAIN: Mapping[str, Callable[[GraphCollection], PlainModel]] = {
    "musegnn": PlainMuSeGNN,
    "gae": PlainGAE,
    "vgae": PlainVGAE,
    "mae": PlainMAE,
    "wsmae": PlainWSMAE,
}

"""Each gives an untrained model with vectors of length 32."""
