"""What the genes of a file are called, and what they are called here."""
