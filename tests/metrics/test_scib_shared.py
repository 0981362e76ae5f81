"""What the metrics of scib-metrics share: rows with labels, and leaving the process as it was."""

import random
import subprocess
import sys

import igraph
import numpy as np
import pytest

from genearena.metrics._shared.scib import labelled_rows, scib_package
from genearena.metrics.registry import METRICS, is_scib
from genearena.metrics.scib_isolated_labels import METRIC

LABEL = np.repeat([4, 7, -1], [3, 4, 2])


def test_rows_with_a_label_and_a_vector_in_the_order_of_names(labelled_space):
    """By gene name, then data set; what lacks a vector is counted."""
    z = np.arange(36.0).reshape(2, 9, 2) + 1
    z[1, [2, 8]] = 0
    found = labelled_rows(labelled_space(z, [LABEL, LABEL]))
    np.testing.assert_array_equal(found.label, [4, 4, 4, 7, 7, 7, 7, 4, 4, 7, 7, 7, 7])
    np.testing.assert_array_equal(found.dataset, [0] * 7 + [1] * 6)
    np.testing.assert_array_equal(found.rows[7:9], z[1, :2])
    assert found.lacking == 1


def test_rows_without_a_vector_are_told(labelled_space):
    """The value is that of the others."""
    z = np.random.default_rng(0).normal(size=(2, 9, 2))
    assert METRIC(labelled_space(z, [LABEL, LABEL])).flag == ""
    z[1, 3] = 0
    flag = METRIC(labelled_space(z, [LABEL, LABEL])).flag
    assert flag == "partial: 1 of 14 labelled rows have no vector"


def test_precision_and_generator_are_put_back():
    """Also after an error: plugins use both packages."""
    import jax.numpy as jnp

    def fail():
        with scib_package():
            assert jnp.ones(1).dtype == np.float64
            igraph.set_random_number_generator(random.Random(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert jnp.ones(1).dtype == np.float32
    state = random.getstate()
    igraph.Graph.Erdos_Renyi(n=10, m=5)
    assert random.getstate() != state


def test_nothing_is_imported_before_it_is_computed():
    """Neither listing, nor choosing, nor loading the metrics imports jax."""
    code = (
        "import sys; from genearena.benchmark.commands.run import command;"
        "from genearena.benchmark.run.request import chosen_metrics;"
        "from genearena.metrics.registry import METRICS;"
        "[METRICS.load(name) for name in chosen_metrics(['all'])];"
        "heavy = {'jax', 'scib_metrics', 'umap'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_group_is_a_diagnosis():
    """Unscored, no part of the headline, and under its own heading."""
    group = [METRICS.load(name) for name in METRICS.builtin if is_scib(name)]
    assert len(group) == 7
    assert not any(metric.scored or metric.headline for metric in group)
    assert all(METRICS.load(name).group != "scib" for name in METRICS.builtin if not is_scib(name))
    assert {metric.group for metric in group} == {"scib"}
