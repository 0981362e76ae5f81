"""``bench genesets``: one file per sub-command that is more than a few lines."""
