"""GeneArena: compare gene-embedding methods on gene co-expression graphs."""

__version__ = "0.2.0"
