"""How good cells, genes and graphs are."""
