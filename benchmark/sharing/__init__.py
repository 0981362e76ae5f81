"""Several processes on one results folder, also from several machines."""
