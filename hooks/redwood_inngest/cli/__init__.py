"""The command: one file for each subcommand, and what is printed."""
