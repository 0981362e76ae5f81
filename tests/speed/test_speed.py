"""`make speed`: all parts at small size, the Markdown page, refused requests, another checkout."""

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import genearena
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.neighbour_overlap import neighbour_overlap
from speed import against, scale, training
from speed.__main__ import PARTS, main
from speed.made_up import programme_vectors, random_task
from speed.plain import PLAIN
from speed.scoring import overlap_by_loop

QUICK = ["--size", "small", "--repeats", "1", "--threads", "1"]


@pytest.mark.slow
def test_all_parts_are_measured_and_written(tmp_path, monkeypatch):
    """One table each, on the terminal in 100 columns and in a page that names the machine."""
    # a process of its own is tested below
    monkeypatch.setattr(training, "memory_of", lambda *_: 10**6)
    # each takes a worker process of its own
    monkeypatch.setattr(scale, "RUNS_PER_ROUND", 3)
    monkeypatch.setattr(scale, "RUNS_FIRST", 2)
    page = tmp_path / "new" / "speed.md"
    result = CliRunner().invoke(main, [*QUICK, "--out", str(page)])
    assert result.exit_code == 0, result.exception
    assert max(map(len, result.stdout.splitlines())) <= 100
    text = page.read_text()
    assert text.count("\n## ") == len(PARTS)
    assert "1 threads; load average" in text
    assert "size 'small'" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for method in training.NEURAL:
        assert sum(row.startswith(f"| {method} |") for row in rows) >= 2
    # both engines give the same vectors
    (difference,) = re.findall(r"\| (\de-\d\d) \|", text)
    assert float(difference) < 1e-4


@pytest.mark.parametrize(
    "options",
    [("--only", "musegn"), ("--only", ""), ("--repeats", "0"), ("--size", "huge"), ("--out", ".")],
)
def test_bad_requests_are_refused(options):
    """By click, with exit code 2."""
    assert CliRunner().invoke(main, [*QUICK, *options]).exit_code == 2


def test_another_checkout_is_timed_beside_this_one(monkeypatch):
    """This one beside itself, one case."""
    here = Path(genearena.__file__).parents[2]
    options = [str(here), "--size", "small", "--repeats", "1", "--only", "fit of pca"]
    result = CliRunner().invoke(against.main, options)
    assert result.exit_code == 0, result.exception
    assert re.search(r"fit of pca +\d.* [µm]s +\d.* [µm]s +\d", result.stdout)
    assert "only here: nothing" in result.stdout


def test_memory_is_that_of_the_training():
    """At least four times the trained decoder and the other one's weights, and not tenfold."""
    genes = 600
    decoder = 3 * genes**2 * 4
    assert 5 * decoder < training.memory_of("musegnn", {}, (2, genes, 40, 2000), 1) < 50 * decoder


def test_factored_decoders_take_less_than_z_z_written_out():
    """A step of ours needs fewer products than one of engine='pyg'."""
    graphs = random_task(2, 100, 50, 500)
    ours, plain = training._step_flops(graphs), training._step_flops(graphs, engine="pyg")
    assert 0 < ours < plain


@pytest.mark.parametrize("name", PLAIN)
def test_plain_methods_learn(name):
    """Finite vectors, and another loss after the training."""
    graphs = random_task(2, 50, 30, 200)
    vectors = PLAIN[name](epochs=2).fit(graphs).embed()
    assert [z.shape for z in vectors] == [(50, 32)] * 2
    assert np.isfinite(vectors).all()
    assert (vectors[0] != PLAIN[name](epochs=3).fit(graphs).embed()[0]).any()


def test_loop_equals_the_metric():
    """On three graphs with mixed clusters."""
    graphs = random_task(3, 60, 2, 300)
    space = EmbeddingSpace(graphs, tuple(programme_vectors(graphs)))
    assert space.mixed
    assert overlap_by_loop(space) == pytest.approx(neighbour_overlap(space).value, abs=1e-12)


def test_made_up_tasks_have_the_size_asked_for():
    """Genes, cells and edges of every graph, and three genes in five common to all."""
    graphs = random_task(3, 50, 7, 123)
    assert [(g.n_genes, g.n_cells, g.n_edges) for g in graphs] == [(50, 7, 123)] * 3
    assert len(graphs.common_genes) == 30
    assert len(graphs.groups) == 1
