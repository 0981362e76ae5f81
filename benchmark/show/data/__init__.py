"""What the data commands show: cards, tables and the quality of graphs."""
