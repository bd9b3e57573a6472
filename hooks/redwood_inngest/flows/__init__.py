"""What a subcommand does, from the app as found to the changes written."""
