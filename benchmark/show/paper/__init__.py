"""The published tables of the MuSe-GNN paper, what follows from them, and local results beside."""
