"""Seeds depend on what a run is and on nothing else."""

import hashlib

from genearena.benchmark.run.evaluation.job import derive_seed


def test_seed_is_the_head_of_the_sha256_of_its_parts():
    """The derivation can be repeated by hand in any language."""
    digest = hashlib.sha256(b"3\x00lung\x00gae\x00fit").hexdigest()
    assert derive_seed(3, "lung", "gae", "fit") == int(digest[:8], 16) // 2


def test_every_part_changes_the_seed():
    """Neighbouring seeds, methods and purposes do not share random numbers."""
    base = derive_seed(0, "lung", "gae", "fit")
    others = [(1, "lung", "gae", "fit"), (0, "liver", "gae", "fit"), (0, "lung", "mae", "fit")]
    assert base not in {derive_seed(*parts) for parts in others}


def test_parts_are_kept_apart():
    """Joining two names does not give the seed of another pair."""
    assert derive_seed("ab", "c") != derive_seed("a", "bc")


def test_seeds_fit_every_generator():
    """Seeds lie in [0, 2**31), which numpy, torch, gensim and scikit-learn all accept."""
    seeds = [derive_seed(n) for n in range(1000)]
    assert min(seeds) >= 0
    assert max(seeds) < 2**31
    assert max(seeds) > 2**30
