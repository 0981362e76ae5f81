"""Parts of the conformance kit: altered graphs, and a watch on the global generators."""
