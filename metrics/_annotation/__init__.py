"""Whether vectors tell which genes are in which sets: arrays in, numbers and intervals out."""
