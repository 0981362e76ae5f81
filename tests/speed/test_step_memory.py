"""Memory of training, measured in a process of its own."""

from dataclasses import replace

from speed.sizes import SIZES
from speed.step_memory import memory_of


def test_rise_covers_weights_gradients_and_moments():
    """At least four times the trained decoder and the other one's weights, and not tenfold."""
    genes = 600
    size = replace(SIZES["small"], genes=genes)
    decoder = 3 * genes**2 * 4
    assert 5 * decoder < memory_of("ours", size, 2000, 1) < 50 * decoder
