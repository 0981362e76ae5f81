"""Results made elsewhere: gene vectors to be scored here, and records to be merged."""
