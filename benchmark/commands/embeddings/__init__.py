"""``bench embeddings``: the vectors that runs left."""
