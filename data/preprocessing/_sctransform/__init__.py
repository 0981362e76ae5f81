"""The steps of scTransform, one statistic a file."""
