"""The plain models by the name of the method."""

from collections.abc import Callable, Mapping

from genearena.benchmark.speed.plain.gae import PlainGAE
from genearena.benchmark.speed.plain.mae import PlainMAE
from genearena.benchmark.speed.plain.model import PlainModel
from genearena.benchmark.speed.plain.musegnn import PlainMuSeGNN
from genearena.benchmark.speed.plain.vgae import PlainVGAE
from genearena.benchmark.speed.plain.wsmae import PlainWSMAE
from genearena.data.graphs import GraphCollection

PLAIN: Mapping[str, Callable[[GraphCollection], PlainModel]] = {
    "musegnn": PlainMuSeGNN,
    "gae": PlainGAE,
    "vgae": PlainVGAE,
    "mae": PlainMAE,
    "wsmae": PlainWSMAE,
}

"""Each gives an untrained model with vectors of length 32."""
