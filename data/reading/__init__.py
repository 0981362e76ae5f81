"""From what is in a file of counts to genes and cells that can be told by their names."""
