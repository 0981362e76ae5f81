"""What the benchmark measures, one part a file."""
