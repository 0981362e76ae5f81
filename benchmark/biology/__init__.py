"""What gene vectors know of biology: analyses of stored runs with gene sets of the user."""
