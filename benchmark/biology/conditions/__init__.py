"""Which genes move between conditions."""
