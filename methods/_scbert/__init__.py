"""What scBERT is made of: cells, what tells genes apart, and the published checkpoint."""
