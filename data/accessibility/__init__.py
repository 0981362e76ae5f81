"""From chromatin accessibility, fragments or peaks, to counts of genes."""
