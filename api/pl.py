"""``ga.pl``: the figures of results and vectors."""
