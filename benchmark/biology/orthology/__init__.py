"""Whether vectors bring the genes of two species together."""
