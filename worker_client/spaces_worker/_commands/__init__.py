"""The subcommands of spaces-worker."""
