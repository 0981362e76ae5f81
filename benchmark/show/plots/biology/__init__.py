"""Figures of what embeddings know of biology."""
