"""scBERT is the published network, reads its checkpoint safely, and can be trained small."""

import math
import os
import pickle
from dataclasses import replace
from pathlib import Path

import anndata
import numpy as np
import pytest
import scanpy as sc
import torch
from scipy import sparse
from scipy.special import erf
from sklearn.decomposition import PCA

from genearena.data.common.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn import performer
from genearena.methods._nn.performer import MASK, Performer, Sizes
from genearena.methods._scbert import cells
from genearena.methods.scbert import SCBERT

TINY = Sizes(width=6, layers=2, heads=3, head_width=4, features=5)
SMALL = {**SCBERT.fast, "epochs": 1}


@pytest.fixture(autouse=True)
def one_thread():
    """Let no test wait for free cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def published_state(genes: int, sizes: Sizes = TINY, seed: int = 0) -> dict[str, torch.Tensor]:
    """Make arrays under the names and in the shapes of the published program."""
    rng = np.random.default_rng(seed)
    w, inner = sizes.width, sizes.heads * sizes.head_width
    shapes: dict[str, tuple[int, ...]] = {
        "token_emb.weight": (7, w),
        "norm.weight": (w,),
        "norm.bias": (w,),
        "to_out.weight": (7, w),
        "to_out.bias": (7,),
    }
    for layer in range(sizes.layers):
        at = f"performer.net.layers.{layer}"
        shapes |= {
            f"{at}.0.norm.weight": (w,),
            f"{at}.0.norm.bias": (w,),
            f"{at}.0.fn.fast_attention.projection_matrix": (sizes.features, sizes.head_width),
            f"{at}.0.fn.to_q.weight": (inner, w),
            f"{at}.0.fn.to_k.weight": (inner, w),
            f"{at}.0.fn.to_v.weight": (inner, w),
            f"{at}.0.fn.to_out.weight": (w, inner),
            f"{at}.0.fn.to_out.bias": (w,),
            f"{at}.1.norm.weight": (w,),
            f"{at}.1.norm.bias": (w,),
            f"{at}.1.fn.fn.w1.weight": (4 * w, w),
            f"{at}.1.fn.fn.w1.bias": (4 * w,),
            f"{at}.1.fn.fn.w2.weight": (w, 4 * w),
            f"{at}.1.fn.fn.w2.bias": (w,),
        }
    state = {n: torch.tensor(rng.normal(size=s), dtype=torch.float32) for n, s in shapes.items()}
    table = np.concatenate([rng.normal(size=(genes, w)), np.zeros((1, w))])
    # the published table is of double precision
    return state | {
        "pos_emb.emb.weight": torch.tensor(table, dtype=torch.float64),
        "performer.calls_since_last_redraw": torch.tensor(17),
    }


def naive_encodings(state: dict[str, torch.Tensor], tokens: np.ndarray, table: np.ndarray):
    """Return the (genes, width) encodings of one cell, written out sum by sum."""
    arrays = {name: array.double().numpy() for name, array in state.items()}

    def norm(x, at):
        x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        return x * arrays[f"{at}.weight"] + arrays[f"{at}.bias"]

    def linear(x, at):
        return x @ arrays[f"{at}.weight"].T + arrays.get(f"{at}.bias", 0.0)

    # as published, a token 0 without a place ends the sequence
    x = arrays["token_emb.weight"][[*tokens, 0]] + np.vstack([table, np.zeros(table.shape[1])])
    for layer in range(TINY.layers):
        at = f"performer.net.layers.{layer}"
        normal = norm(x, f"{at}.0.norm")
        q, k, v = (linear(normal, f"{at}.0.fn.to_{side}") for side in "qkv")
        omega = arrays[f"{at}.0.fn.fast_attention.projection_matrix"]
        heads = [slice(h * TINY.head_width, (h + 1) * TINY.head_width) for h in range(TINY.heads)]
        mixed = [naive_attention(q[:, h], k[:, h], v[:, h], omega) for h in heads]
        x = x + linear(np.concatenate(mixed, axis=1), f"{at}.0.fn.to_out")
        wide = linear(norm(x, f"{at}.1.norm"), f"{at}.1.fn.fn.w1")
        x = x + linear(wide * (1 + erf(wide / math.sqrt(2))) / 2, f"{at}.1.fn.fn.w2")
    return norm(x, "norm")[:-1]


def naive_attention(q, k, v, omega):
    """Weigh values by the products of FAVOR+ features of every pair of genes."""
    n, d = q.shape
    quarter = d**-0.25
    exponent = {
        side: [[quarter * w @ x - quarter**2 * x @ x / 2 for w in omega] for x in of]
        for side, of in (("q", q), ("k", k))
    }
    highest = max(quarter * w @ x for w in omega for x in k)
    out = np.zeros_like(v)
    for i in range(n):
        own = max(quarter * w @ q[i] for w in omega)
        phi_q = [math.exp(e - own) + 1e-4 for e in exponent["q"][i]]
        weights = []
        for j in range(n):
            phi_k = [math.exp(e - highest) + 1e-4 for e in exponent["k"][j]]
            weights.append(sum(a * b for a, b in zip(phi_q, phi_k, strict=True)))
        out[i] = sum(w * row for w, row in zip(weights, v, strict=True)) / sum(weights)
    return out


def test_attention_is_that_of_the_softmax_with_many_features(monkeypatch):
    """Random features are no other attention, only a cheaper one, but for what keeps them off 0."""
    monkeypatch.setattr(performer, "_EPSILON", 0.0)
    draws = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(12, 8, generator=draws, dtype=torch.float64) / 2 for _ in range(3))
    exact = torch.softmax(q @ k.T / math.sqrt(8), dim=1) @ v
    errors = []
    for n in (64, 4096, 65_536):
        omega = performer.orthogonal_directions(n, 8, draws).double()
        features = performer.query_features(q, omega), performer.key_features(k, omega)
        errors.append(float((performer.linear_attention(*features, v) - exact).abs().mean()))
    assert errors[2] < errors[1] < errors[0]
    assert errors[2] < 0.05 * float(exact.abs().mean())


def test_directions_are_orthogonal_within_blocks_and_as_long_as_normal_ones():
    """Blocks are as wide as a head; squared lengths have the mean of chi-squared."""
    omega = performer.orthogonal_directions(2000 + 3, 8, torch.Generator().manual_seed(0)).double()
    assert omega.shape == (2003, 8)
    unit = omega / omega.norm(dim=1, keepdim=True)
    for block in torch.split(unit, 8):
        torch.testing.assert_close(
            block @ block.T, torch.eye(len(block)).double(), atol=1e-5, rtol=0
        )
    assert float(omega.square().sum(dim=1).mean()) == pytest.approx(8, abs=0.4)


def test_the_full_network_has_the_published_number_of_weights():
    """Token table, six layers, norm and answers: 5.01 million, and 3.38 of frozen positions."""
    network = Performer(Sizes(), torch.Generator())
    want = 7 * 200 + 6 * 834_000 + 2 * 200 + (200 * 7 + 7)
    assert sum(w.numel() for w in network.parameters()) == want == 5_007_207
    assert Sizes().features == int(64 * math.log(64))
    defaults = SCBERT()
    assert Sizes() == Sizes(*(getattr(defaults, name) for name in Sizes._fields))


@pytest.mark.filterwarnings("ignore:Some cells have zero counts")
def test_bins_are_those_of_scanpy(graphs: GraphCollection):
    """Normalised to 10,000, base 2, cut: zeros stay zero and high counts share a bin."""
    for counts in (graphs[0].counts, graphs[0].counts * (np.arange(36) % 3 > 0)):
        data = anndata.AnnData(counts.T.toarray().astype(np.float64))
        sc.pp.normalize_total(data, target_sum=1e4)
        sc.pp.log1p(data, base=2)
        want = np.minimum(np.floor(data.X), 5)
        np.testing.assert_array_equal(cells.binned(counts.tocsr(), 1e4), want)


def test_chosen_tokens_are_15_percent_of_those_not_zero_and_nine_tenths_are_hidden():
    """Each cell has its number exactly; which ones is left to chance alone."""
    rng = np.random.default_rng(0)
    tokens = torch.tensor(rng.integers(1, 6, size=(4000, 30)) * (rng.random((4000, 30)) < 0.5))
    tokens[0] = 0
    shown, chosen = cells.masked(tokens, torch.Generator().manual_seed(3))
    want = [math.ceil(0.15 * int((row > 0).sum())) for row in tokens]
    assert chosen.sum(dim=1).tolist() == want
    assert not chosen[tokens == 0].any()
    torch.testing.assert_close(shown[shown != MASK], tokens[shown != MASK])
    assert chosen[shown == MASK].all()
    n = int(chosen.sum())
    assert float((shown == MASK).sum()) / n == pytest.approx(0.9, abs=4 * 0.3 / math.sqrt(n))
    # of each gene's tokens that are not 0 the same share, whatever its place
    share = chosen.sum(dim=0) / (tokens > 0).sum(dim=0)
    assert float(share.std()) < 3 * math.sqrt(0.17 * 0.83 / 2000)


@pytest.fixture
def files(tmp_path: Path, graphs: GraphCollection) -> dict[str, Path]:
    """A checkpoint as published, with what is saved beside the arrays, and its order of genes.

    Of the third graph's genes it lacks the last three.
    """
    names = dict.fromkeys(gene for graph in graphs for gene in graph.genes)
    known = [gene for gene in names if gene not in graphs[2].genes[-3:]][::-1]
    saved = {
        "epoch": 3,
        "model_state_dict": published_state(len(known)),
        "optimizer_state_dict": {"state": {}, "param_groups": [{"lr": 1e-4}]},
        "losses": 0.5,
    }
    torch.save(saved, tmp_path / "panglao.pth")
    (tmp_path / "genes.txt").write_text("\n".join(known) + "\n")
    return {"checkpoint": tmp_path / "panglao.pth", "genes": tmp_path / "genes.txt"}


def test_a_checkpoint_gives_the_mean_encodings_of_the_published_network(files, graphs):
    """Genes find their places by name; those the checkpoint lacks get zeros."""
    known = files["genes"].read_text().split()
    state = published_state(len(known))
    table = state["pos_emb.emb.weight"].numpy()
    method = SCBERT(**files).fit(graphs)
    for graph, z in zip(graphs, method.embed(), strict=True):
        there = [row for row, gene in enumerate(graph.genes) if gene in known]
        places = table[[known.index(graph.genes[row]) for row in there]]
        bins = cells.binned(graph.counts, 1e4)[:, there]
        want = np.mean([naive_encodings(state, cell, places) for cell in bins], axis=0)
        np.testing.assert_allclose(z[there], want, rtol=1e-3, atol=1e-4)
        assert len(there) < graph.n_genes or graph is not graphs[2]
        assert not np.delete(z, there, axis=0).any()
    assert method.n_parameters_ == sum(
        array.numel()
        for name, array in state.items()
        if not any(word in name for word in ("pos_emb", "calls", "projection"))
    )
    for z, other in zip(method.embed(), SCBERT(**files, seed=5).fit(graphs).embed(), strict=True):
        np.testing.assert_array_equal(z, other)


def text_of(genes, table, header: bool) -> str:
    """Write vectors as word2vec does, or without the first line as Gene2vec does."""
    lines = [f"{gene}\t{' '.join(map(str, row))} " for gene, row in zip(genes, table, strict=True)]
    return "\n".join(([f"{len(table)} {len(table[0])}"] if header else []) + lines) + "\n"


@pytest.mark.parametrize("header", [True, False])
def test_positions_of_a_text_are_those_of_the_table(files, graphs, tmp_path, header):
    """The published text can stand for the table and its order of genes."""
    known = files["genes"].read_text().split()
    table = published_state(len(known))["pos_emb.emb.weight"].numpy()[:-1]
    text = tmp_path / "gene2vec.txt"
    text.write_text(text_of(known, table, header))
    own = SCBERT(**files).fit(graphs).embed()
    read = SCBERT(checkpoint=files["checkpoint"], positions=text).fit(graphs).embed()
    for z, other in zip(own, read, strict=True):
        np.testing.assert_allclose(z, other, rtol=1e-5, atol=1e-6)


def test_positions_stay_as_they_are_in_a_training(graphs, tmp_path):
    """The width is theirs, and they are no weights of the training."""
    genes = dict.fromkeys(gene for graph in graphs for gene in graph.genes)
    text = tmp_path / "gene2vec.txt"
    text.write_text(text_of(genes, np.random.default_rng(0).normal(size=(len(genes), 12)), False))
    method = SCBERT(**SMALL, positions=text).fit(graphs)
    assert {z.shape[1] for z in method.embed()} == {12}
    learned = SCBERT(**{**SMALL, "width": 12}).fit(graphs)
    assert learned.n_parameters_ - method.n_parameters_ == 12 * len(genes)


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def without(name):
    """Return what a checkpoint that lacks an array is made from a sound one by."""
    return lambda state: state.pop(name)


Q = "performer.net.layers.1.0.fn.to_q.weight"
DAMAGES = {
    "missing": (without(Q), f"it lacks '{Q}'"),
    "no layers": (without("token_emb.weight"), "it has no 'token_emb.weight'"),
    "unknown": (lambda s: s.update({"to_out.fc1.weight": torch.ones(2)}), "to_out.fc1.weight"),
    "shape": (lambda s: s.update({Q: torch.ones(3, 6)}), r"\(3, 6\), want \(12, 6\)"),
    "features": (
        lambda s: s.update(
            {"performer.net.layers.0.0.fn.fast_attention.projection_matrix": torch.ones(5, 5)}
        ),
        "want a multiple of the 5",
    ),
    "nan": (lambda s: s[Q].fill_(math.nan), f"'{Q}' has values that are not finite"),
    "no places": (without("pos_emb.emb.weight"), "give positions instead"),
    "nan places": (lambda s: s["pos_emb.emb.weight"].fill_(math.inf), "not finite"),
    "fewer places": (
        lambda s: s.update({"pos_emb.emb.weight": torch.ones(9, 6)}),
        "genes, want the checkpoint's 8",
    ),
    "no array": (lambda s: s.update({"token_emb.weight": 3}), "'token_emb.weight' is no array"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_checkpoint_that_is_not_the_networks_is_refused_in_one_line(files, graphs, damage):
    """It says which array is wrong in which file."""
    spoil, said = DAMAGES[damage]
    state = torch.load(files["checkpoint"], weights_only=True)["model_state_dict"]
    spoil(state)
    torch.save(state, files["checkpoint"])
    refused(SCBERT(**files), graphs, said)


def refused(method: SCBERT, graphs: GraphCollection, said: str) -> None:
    """Expect one line of the suite's own."""
    with pytest.raises(DataError, match=said) as caught:
        method.fit(graphs)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("scbert: ")


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_nothing_is_unpickled(files, graphs, tmp_path):
    """Neither in torch's format nor in Python's; what is no checkpoint at all is told too."""
    made = tmp_path / "made"
    state = torch.load(files["checkpoint"], weights_only=True)
    torch.save({**state, "extra": Trap(made)}, files["checkpoint"])
    refused(SCBERT(**files), graphs, "nothing is unpickled here")
    files["checkpoint"].write_bytes(pickle.dumps(Trap(made)))
    refused(SCBERT(**files), graphs, "nothing is unpickled here")
    assert not made.exists()
    for content in (b"", b"PK\x03\x04 is no archive", b"text"):
        files["checkpoint"].write_bytes(content)
        refused(SCBERT(**files), graphs, "no file of torch.save")
    torch.save(torch.ones(3), files["checkpoint"])
    refused(SCBERT(**files), graphs, "it holds a Tensor, want arrays by name")


TEXTS = {
    "A 1 2\nB 1\n": "line 2 has 1 numbers, want 2",
    "A 1 2\nA 1 2\n": "line 2 has gene 'A' again",
    "COMMON00 1 nan\n": "line 1 has a value that is not finite",
    "COMMON00 1 x\n": "line 1 has no numbers",
    "A 1 2\nB 1 2\n": "none of its 2 genes is in the task",
    "": "none of its 0 genes",
}


@pytest.mark.parametrize("text", TEXTS)
def test_positions_that_cannot_be_used_are_refused_in_one_line(graphs, tmp_path, text):
    """The line is named."""
    path = tmp_path / "positions.txt"
    path.write_text(text)
    refused(SCBERT(positions=path), graphs, TEXTS[text])


def test_files_that_do_not_fit_each_other_are_refused(files, graphs, tmp_path):
    """Other lengths, a gene twice, and a graph of which no gene is known."""
    path = tmp_path / "positions.txt"
    path.write_text("COMMON00 1 2\n")
    refused(
        SCBERT(checkpoint=files["checkpoint"], positions=path), graphs, "length 2, want the ch.* 6"
    )
    foreign = replace(graphs[1], genes=tuple(f"x{gene}" for gene in graphs[1].genes))
    refused(SCBERT(**files), graphs.with_graphs([graphs[0], foreign]), "no gene of graph 'donor_b'")
    genes = files["genes"].read_text().split()
    files["genes"].write_text("\n".join([*genes[:-1], genes[0]]))
    refused(SCBERT(**files), graphs, "has a gene twice")


def test_it_is_skipped_without_counts_and_with_files_that_lack_others(files, graphs):
    """The reason comes before any work."""
    bare = graphs.with_graphs([graphs[0], replace(graphs[1], counts=None)])
    assert "'donor_b' has no counts" in (SCBERT().skip(bare) or "")
    assert "give genes" in (SCBERT(checkpoint=files["checkpoint"]).skip(graphs) or "")
    assert "leave them out" in (SCBERT(genes=files["genes"]).skip(graphs) or "")
    assert SCBERT(**files).skip(graphs) is None
    assert SCBERT().skip(graphs) is None


def test_a_training_learns_to_tell_hidden_counts(graphs):
    """The loss falls, from about that of a guess among seven."""
    method = SCBERT(**{**SMALL, "epochs": 5}).fit(graphs)
    assert len(method.losses_) == 5
    assert method.losses_[-1] < 0.5 * method.losses_[0] < math.log(7)


def test_cells_pass_together_or_one_by_one(graphs, monkeypatch):
    """How many there is room for changes nothing but rounding, nor do counts that are all 0."""
    counts = sparse.csr_array(graphs[0].counts.toarray() * (np.arange(36) > 2))
    graphs = graphs.with_graphs([replace(graphs[0], counts=counts), graphs[1]])
    together = SCBERT(**SMALL).fit(graphs).embed()
    monkeypatch.setattr(cells, "TOKENS_AT_ONCE", 1)
    for z, other in zip(together, SCBERT(**SMALL).fit(graphs).embed(), strict=True):
        np.testing.assert_allclose(z, other, rtol=1e-2, atol=1e-3)


def test_a_gene_has_another_vector_in_another_graph(graphs):
    """They are taken in context: a name alone would give the same one."""
    first, second = SCBERT(**SMALL).fit(graphs).embed()[:2]
    gene = graphs.common_genes[0]
    one, other = first[graphs[0].index[gene]], second[graphs[1].index[gene]]
    assert np.abs(one - other).max() > 1e-3


def test_reduced_vectors_are_principal_components_of_all_graphs(graphs):
    """Up to signs those of scikit-learn, of standardised columns."""
    whole = np.concatenate(SCBERT(**SMALL).fit(graphs).embed())
    reduced = np.concatenate(SCBERT(**SMALL, components=4).fit(graphs).embed())
    want = PCA(4).fit_transform((whole - whole.mean(axis=0)) / whole.std(axis=0))
    np.testing.assert_allclose(np.abs(reduced), np.abs(want), rtol=1e-2, atol=1e-2)
    refused(SCBERT(**SMALL, components=32), graphs, "lower components")
