"""``bench results`` and its subcommands."""
