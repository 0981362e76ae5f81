"""MuSe-GNN."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from reference_layers import four_maps, reference_attention, transformer_conv
from torch.nn import functional
from untrained import untrained

from genearena.methods.musegnn import MuSeGNN, common_similarity


def with_partner(training, partner):
    """Let every step draw the given graph."""
    training._partner = lambda position: partner
    return training


def edge_term(training, graph):
    """Return the cross-entropy of the decoded edges of graph 0."""
    logits = training.decoders[0](training._encode(0))
    target = torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)
    return functional.binary_cross_entropy_with_logits(logits, target)


def naive_vectors(training, graph, position, dim=32, two=2):
    """Encode a graph layer by layer with message passing."""
    norm = pytest.importorskip("torch_geometric.nn").GraphNorm
    edges = torch.tensor(graph.adjacency.toarray() + np.eye(graph.n_genes)).nonzero().T
    encoder = training.encoders[position]
    first, shared = encoder.first, encoder.shared
    joint = shared.second_and_fourth

    def activate(ours, h):
        layer = norm(h.shape[1])
        layer.load_state_dict(ours.state_dict())
        return functional.mish(layer(h))

    l1 = reference_attention(first.attention)
    l2 = transformer_conv(four_maps(joint, slice(two * dim)), two)
    l3 = reference_attention(shared.third)
    l4 = transformer_conv(four_maps(joint, slice(two * dim, None)), 1)
    hidden = activate(first.norm, l1(torch.tensor(graph.x), edges))
    return l3(activate(shared.norm, l2(hidden, edges)), edges) + l4(hidden, edges)


def naive_similarity(z_i, z_j, first, second):
    """Average overlap × cosine gene by gene."""
    terms = []
    for gene in set(first.genes) & set(second.genes):
        near_i, near_j = (
            {g.genes[k] for k in g.adjacency[[g.index[gene]]].nonzero()[1]} for g in (first, second)
        )
        overlap = len(near_i & near_j) / len(near_i | near_j) if near_i | near_j else 0.0
        a, b = z_i[first.index[gene]], z_j[second.index[gene]]
        terms.append(overlap * (a @ b) / (a.norm() * b.norm()))
    return sum(terms) / len(terms)


def naive_contrast(z_i, z_j, first, second, neighbours, temperature=0.07):
    """Contrast all private genes with their drawn neighbours, anchor by anchor."""
    queries, keys = [], []
    for z, graph, other, near in (
        (z_i, first, second, neighbours[0]),
        (z_j, second, first, neighbours[1]),
    ):
        private = [row for row, gene in enumerate(graph.genes) if gene not in other.index]
        queries += [z[row] for row in private]
        keys += [z[near[row]] for row in private]
    vectors, m = queries + keys, len(queries)
    losses = []
    for a, anchor in enumerate(vectors):
        cosines = torch.stack([functional.cosine_similarity(anchor, v, dim=0) for v in vectors])
        others = torch.arange(2 * m) != a
        positive = cosines[(a + m) % (2 * m)] / temperature
        losses.append(torch.logsumexp(cosines[others] / temperature, dim=0) - positive)
    return sum(losses) / len(losses)


def test_parameter_count_is_the_published_formula(graphs):
    """Σ [512 C + 896 + 3 (n² + n)] + 58,048 T."""
    per_graph = [512 * g.n_cells + 896 + 3 * (g.n_genes**2 + g.n_genes) for g in graphs]
    want = sum(per_graph) + 58_048 * len(graphs.groups)
    assert MuSeGNN(epochs=1).fit(graphs).n_parameters_ == want


def test_step_loss_equals_a_plain_implementation(graphs):
    """The loss of one step equals message passing, an explicit z zᵀ and loops over genes."""
    training = with_partner(untrained(MuSeGNN(), graphs), 2)
    i, j = graphs[0], graphs[2]
    z_i, z_j = naive_vectors(training, i, 0), naive_vectors(training, j, 2)
    decoder = training.decoders[0]
    logits = decoder.third(
        functional.mish(decoder.second(functional.mish(decoder.first(z_i @ z_i.T))))
    )
    target = torch.tensor(i.adjacency.toarray()).float() + torch.eye(i.n_genes)
    near = (training.neighbours[0], training.neighbours[2])
    want = (
        torch.nn.BCEWithLogitsLoss()(logits, target)
        - naive_similarity(z_i, z_j, i, j)
        + 0.01 * naive_contrast(z_i, z_j, i, j, near)
    )
    torch.testing.assert_close(training._encode(0), z_i, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(training._loss(0), want, atol=1e-4, rtol=1e-4)


def test_gradient_reaches_the_partner_graph(graphs):
    """A step for graph i also trains the first layer of the drawn graph j, and no other."""
    training = with_partner(untrained(MuSeGNN(), graphs), 1)
    training._loss(0).backward()
    touched = [e.first.attention.maps.weight.grad is not None for e in training.encoders]
    assert touched == [True, True, False]
    assert [d.first.weight.grad is not None for d in training.decoders] == [True, False, False]


def test_partner_is_uniform_among_the_other_graphs(graphs):
    """Each other graph is drawn half of the time, the graph itself never."""
    training = untrained(MuSeGNN(), graphs)
    drawn = np.bincount([training._partner(1) for _ in range(2000)], minlength=3)
    assert drawn.sum() == 2000
    assert drawn[1] == 0
    assert abs(drawn[0] - 1000) < 150


def test_graphs_of_a_group_share_all_but_the_first_layer(graphs):
    """Donors a and b use one copy of the shared layers, the scATAC data set another."""
    a, b, atac = untrained(MuSeGNN(), graphs).encoders
    assert a.shared is b.shared
    assert a.shared is not atac.shared
    assert a.first is not b.first


def test_a_single_graph_is_trained_on_its_edges_alone(one_graph):
    """With N = 1 the loss is the cross-entropy of the edges."""
    training = untrained(MuSeGNN(), one_graph)
    torch.testing.assert_close(training._loss(0), edge_term(training, one_graph[0]))


def without_common_genes(graphs):
    """Return the task with every gene name made unique to its graph."""
    return graphs.with_graphs(
        [replace(g, genes=tuple(f"{g.name}_{gene}" for gene in g.genes)) for g in graphs]
    )


def test_without_common_genes_the_contrastive_term_stays(graphs):
    """The similarity term is 0 and the loss still holds the contrast of the private genes."""
    apart = without_common_genes(graphs)
    training = with_partner(untrained(MuSeGNN(), apart), 1)
    z_i, z_j = training._encode(0), training._encode(1)
    near = (training.neighbours[0], training.neighbours[1])
    contrast = naive_contrast(z_i, z_j, apart[0], apart[1], near)
    want = edge_term(training, apart[0]) + 0.01 * contrast
    torch.testing.assert_close(training._loss(0), want, atol=1e-5, rtol=1e-5)
    assert float(common_similarity(z_i, z_j, training.pairs[0, 1])) == 0.0


def test_without_private_genes_the_similarity_term_stays(graphs):
    """Two graphs of the same genes have no contrastive term."""
    donor = graphs[0]
    twins = graphs.with_graphs([donor, replace(donor, name="twin", x=donor.x[:, ::-1])])
    training = untrained(MuSeGNN(), twins)
    z_i, z_j = (training._encode(k) for k in (0, 1))
    want = edge_term(training, donor) - naive_similarity(z_i, z_j, *twins)
    torch.testing.assert_close(training._loss(0), want)


def test_fewer_private_genes_are_drawn_where_asked(graphs):
    """With n_private = 5 each side gives five genes, so that a uniform guess costs log 19."""
    training = untrained(MuSeGNN(n_private=5, temperature=1e6), graphs)
    unit = [functional.normalize(training._encode(k), dim=-1) for k in (0, 1)]
    got = training._contrast(0, 1, *unit).item()
    assert got == pytest.approx(np.log(19), abs=1e-4)


def test_similarity_term_pulls_common_genes_together(graphs):
    """Common genes of two donors end closer to each other than without the term."""

    def agreement(vectors):
        a, b = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in vectors[:2])
        pairs = [(graphs[0].index[g], graphs[1].index[g]) for g in graphs.common_genes]
        return np.mean([a[i] @ b[j] for i, j in pairs])

    settings = {"epochs": 60, "lr_encoder": 1e-3}
    together = MuSeGNN(**settings).fit(graphs).embed()
    apart = MuSeGNN(**settings).fit(without_common_genes(graphs)).embed()
    assert agreement(together) > 0.7 > agreement(apart) + 0.2


def test_engine_pyg_is_the_same_network(graphs):
    """The layers of torch_geometric start from our weights and learn the same vectors."""
    own, pyg = (MuSeGNN(epochs=3, engine=engine).fit(graphs) for engine in ("own", "pyg"))
    assert own.n_parameters_ == pyg.n_parameters_
    np.testing.assert_allclose(own.losses_, pyg.losses_, rtol=1e-4)
    for ours, theirs in zip(own.embed(), pyg.embed(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4 * np.abs(ours).max())


def test_the_engine_is_no_part_of_a_runs_identity():
    """Presets, of which identities are made, name the settings that change results."""
    assert "engine" not in MuSeGNN.preset("fast").keys() | MuSeGNN.preset("paper").keys()
