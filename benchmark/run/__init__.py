"""From a request on the command line to finished runs."""
