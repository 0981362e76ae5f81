"""Runs on a Dask cluster: what travels, what a worker does with it, and how results come back."""
