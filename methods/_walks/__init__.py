"""Random walks on gene graphs, and skip-gram training on what they visit."""
