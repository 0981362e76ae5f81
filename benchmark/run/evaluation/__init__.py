"""One run, from a job to scores: train, embed, evaluate."""
