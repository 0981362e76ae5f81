"""The baselines as the scripts published with MuSe-GNN run them, bugs included."""
