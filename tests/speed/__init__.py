"""How fast the suite is, beside plain implementations of the same mathematics."""
