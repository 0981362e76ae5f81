"""The neural methods written the straightforward way, as one would with torch_geometric."""
