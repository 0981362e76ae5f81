"""The figures of stored results, one per file."""
