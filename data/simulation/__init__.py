"""The parts of the tissue simulator: gene pool, departures of a sample, cells and counts."""
