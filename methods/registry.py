"""The methods by name. A new one is one file beside this and one line here.

``NAME:released`` is the method as the scripts published with MuSe-GNN run it, bugs included; its
file has the same name in ``_released/``.
"""

from typing import TYPE_CHECKING

from genearena.data.common.registry import Registry

if TYPE_CHECKING:
    from genearena.methods.base import Method

_RELEASED = ":released"

_CONTROLS = {
    "random": ("genearena.methods.random:Random", "control: a random vector per row"),
    "gene_name": ("genearena.methods.gene_name:GeneName", "control: a vector per gene name"),
    "expression_mean": (
        "genearena.methods.expression_mean:ExpressionMean",
        "control: mean expression only",
    ),
    "truth": ("genearena.methods.truth:Truth", "control: the simulated programmes"),
    "oracle": ("genearena.methods.oracle:Oracle", "control: all that the simulator knows"),
    "degree": ("genearena.methods.degree:Degree", "control: the degree of a gene only"),
    "spots": ("genearena.methods.spots:Spots", "control: 16 spots of the average network"),
    "correlation": ("genearena.methods.correlation:Correlation", "control: correlated profiles"),
    "neighbourhood": (
        "genearena.methods.neighbourhood:Neighbourhood",
        "control: the neighbourhoods, unreduced",
    ),
}

_EXTRA = {
    "grace": ("genearena.methods.grace:GRACE", "contrast of two thinned views per graph"),
    "sugrl": ("genearena.methods.sugrl:SUGRL", "margins to neighbours and others, per graph"),
    "graphmae": ("genearena.methods.graphmae:GraphMAE", "masked graph auto-encoder, per graph"),
    "scbert": ("genearena.methods.scbert:SCBERT", "scBERT: not as the paper took its vectors"),
    "vectors": ("genearena.methods.vectors:Vectors", "one vector per gene of a file, vectors:FILE"),
}

METHODS: "Registry[type[Method]]" = Registry(
    "method",
    {
        "pca": ("genearena.methods.pca:PCA", "principal components per graph (GSS)"),
        "gene2vec": ("genearena.methods.gene2vec:Gene2vec", "skip-gram on co-expressed pairs"),
        "node2vec": ("genearena.methods.node2vec:Node2vec", "second-order walks per graph"),
        "giant": ("genearena.methods.giant:GIANT", "walks coupled along a tissue tree"),
        "gae": ("genearena.methods.gae:GAE", "graph auto-encoder"),
        "vgae": ("genearena.methods.vgae:VGAE", "variational graph auto-encoder"),
        "mae": ("genearena.methods.mae:MAE", "masked auto-encoder of expression"),
        "wsmae": ("genearena.methods.wsmae:WSMAE", "weight-sharing auto-encoder of edges"),
        "musegnn": ("genearena.methods.musegnn:MuSeGNN", "multimodal similarity graph network"),
        "consensus": ("genearena.methods.consensus:Consensus", "baseline: the average network"),
        "stacked": (
            "genearena.methods.stacked:Stacked",
            "baseline: neighbourhoods stacked by name",
        ),
        **_EXTRA,
        **_CONTROLS,
        "gene2vec:released": (
            "genearena.methods._released.gene2vec:ReleasedGene2vec",
            "gene2vec as the published script runs it",
        ),
        "gae:released": (
            "genearena.methods._released.gae:ReleasedGAE",
            "gae as the published script runs it",
        ),
        "vgae:released": (
            "genearena.methods._released.vgae:ReleasedVGAE",
            "vgae as the published script runs it",
        ),
        "mae:released": (
            "genearena.methods._released.mae:ReleasedMAE",
            "mae as the published script runs it",
        ),
        "wsmae:released": (
            "genearena.methods._released.wsmae:ReleasedWSMAE",
            "wsmae as published: the script does not run",
        ),
        "musegnn:released": (
            "genearena.methods._released.musegnn:ReleasedMuSeGNN",
            "musegnn as its published scripts run it",
        ),
    },
    "genearena.methods",
)


CONTROLS = tuple(_CONTROLS)
UNREDUCED = ("neighbourhood",)
"""Controls that reduce nothing: they hold the graphs themselves, in a column per gene name."""
OF_A_FILE = "vectors"
"""Makes nothing without a file; ``vectors:FILE`` asks for it with one."""
EXTRA = tuple(_EXTRA)
"""Competitors that a run leaves out unless asked for."""
COMPETITORS = tuple(n for n in METHODS.builtin if n not in CONTROLS and not n.endswith(_RELEASED))
"""The suite's own methods. A place in either is a look in the figures: new ones go to the end."""


def is_released(name: str) -> bool:
    """Whether a name is that of a method as published scripts run it."""
    return name.endswith(_RELEASED)


def faithful_name(name: str) -> str:
    """Return the name of the method that a ``NAME:released`` is a variant of, else the name."""
    return name.removesuffix(_RELEASED)
