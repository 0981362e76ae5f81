"""Sets of genes with a function, as the user brings or downloads them: read, keep, match."""
