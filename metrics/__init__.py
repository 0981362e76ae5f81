"""Scores of gene vectors: how well they keep the graphs and join the data sets."""
