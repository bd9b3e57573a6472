"""The work of the subcommands, from the app as found to the changes written."""
