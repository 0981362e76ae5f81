"""The results folder: records of runs, their vectors, and what keeps both whole."""
