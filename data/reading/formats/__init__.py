"""One reader per format of files."""
