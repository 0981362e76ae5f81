"""Torch parts the neural methods share."""
