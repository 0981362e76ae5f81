"""The encoders by name. A new one is one file beside this and one line here."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator

from genearena.data.common.registry import Registry

ENCODERS: Registry[Callable[[int, int, int], Any]] = Registry(
    "encoder",
    {
        "transformer": (
            "genearena.methods._nn.attention_encoder:GraphAttention",
            "graph transformer, that of MuSe-GNN",
        ),
        "gcn": ("genearena.methods.encoders.gcn:gcn", "graph convolution"),
        "gat": ("genearena.methods.encoders.gat:gat", "graph attention"),
        "sage": ("genearena.methods.encoders.sage:SAGE", "GraphSAGE, mean over neighbours"),
        "gin": ("genearena.methods.encoders.gin:GIN", "graph isomorphism network"),
        "gps": ("genearena.methods.encoders.gps:GPS", "graph convolution and attention over all"),
        "graphormer": (
            "genearena.methods.encoders.graphormer:Graphormer",
            "attention over all, biased by distance",
        ),
    },
    "genearena.encoders",
)


def _known(name: str) -> str:
    ENCODERS.entry(name)
    return name


EncoderName = Annotated[str, AfterValidator(_known)]
"""Of a setting: the name of a registered encoder, or ``module:object``."""
