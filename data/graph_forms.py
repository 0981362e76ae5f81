"""Gene graphs in the forms of other libraries, each of which takes a while to import."""

from html import escape
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from anndata import AnnData
    from networkx import Graph
    from pandas import DataFrame
    from torch_geometric.data import Data

    from genearena.data.graphs import GeneGraph, GraphCollection


def as_pyg(graph: "GeneGraph") -> "Data":
    """Return a graph for PyTorch Geometric; see `GeneGraph.to_pyg`."""
    import torch
    from torch_geometric.data import Data

    edges = torch.from_numpy(np.stack(graph.adjacency.nonzero()).astype(np.int64))
    return Data(x=torch.tensor(graph.x), edge_index=edges, genes=graph.genes, name=graph.name)


def as_networkx(graph: "GeneGraph") -> "Graph":
    """Return a graph for networkx; see `GeneGraph.to_networkx`."""
    from networkx import Graph

    about = {name: getattr(graph, name) for name in ("name", "tissue", "modality", "species")}
    made = Graph(**about)
    made.add_nodes_from(graph.genes)
    made.add_edges_from((graph.genes[i], graph.genes[j]) for i, j in graph.edges.T.tolist())
    return made


def as_anndata(graph: "GeneGraph") -> "AnnData":
    """Return a graph for scanpy; see `GeneGraph.to_anndata`."""
    import pandas as pd
    from anndata import AnnData

    var = pd.DataFrame(index=pd.Index(graph.genes, dtype=object))
    var["degree"] = np.asarray(graph.adjacency.sum(axis=0)).astype(np.int64)
    if graph.truth is not None:
        var["truth"] = graph.truth
    return AnnData(
        X=np.array(graph.x.T),
        obs=pd.DataFrame(index=[f"cell{number}" for number in range(graph.n_cells)]),
        var=var,
        layers={} if graph.counts is None else {"counts": sparse.csr_matrix(graph.counts.T)},
        varp={"coexpression": sparse.csr_matrix(graph.adjacency)},
        uns={name: getattr(graph, name) for name in ("name", "tissue", "modality", "species")},
    )


def as_table(graphs: "GraphCollection") -> "DataFrame":
    """Return a row for each graph; see `GraphCollection.to_pandas`."""
    import pandas as pd

    names = ("name", "tissue", "modality", "species", "n_genes", "n_cells", "n_edges", "density")
    rows = [{name: getattr(graph, name) for name in names} for graph in graphs]
    table = pd.DataFrame(rows).set_index("name")
    kept_back = [None if g.replicate is None else g.replicate.nnz // 2 for g in graphs]
    table["n_kept_back_edges"] = pd.array(kept_back, dtype="Int64")
    return table


def as_html(graphs: "GraphCollection") -> str:
    """Return the graphs as a notebook shows them."""
    data = "SIMULATED data, " if graphs.simulated else ""
    said = f"{data}{len(graphs)} graphs, {len(graphs.common_genes)} genes in all of them"
    table = as_table(graphs).to_html(formatters={"density": "{:.1%}".format})
    return f"<p><b>{escape(graphs.tissue)} ({escape(graphs.source)})</b>: {said}</p>{table}"
