"""The migrations of apps that are set up: one file each, named in copier.yml."""
