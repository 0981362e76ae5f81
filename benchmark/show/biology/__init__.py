"""Analyses of biology as tables."""
