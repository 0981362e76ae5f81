"""``bench data`` and its subcommands."""
