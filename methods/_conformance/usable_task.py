"""The example task in a form the method does not skip."""

import numpy as np

from genearena.data.graph_views import view
from genearena.data.graphs import GraphCollection
from genearena.methods._conformance.altered_graphs import reordered
from genearena.methods._conformance.fitting import Params
from genearena.methods.base import Method
from genearena.methods.example import example_graphs


def usable_task(method: type[Method], params: Params) -> GraphCollection:
    """Make the example task; where the method skips it, one of graphs of equal size.

    Parameters
    ----------
    method, params
        The class and the parameters it is checked with.

    Returns
    -------
    Graphs of 40, 32 and 26 genes, or 26 each.
    """
    graphs = example_graphs()
    if not method(**params).skip(view(graphs, method.needs, method.name)):
        return graphs
    smallest = np.arange(min(graph.n_genes for graph in graphs))
    return graphs.with_graphs([reordered(graph, smallest) for graph in graphs])
