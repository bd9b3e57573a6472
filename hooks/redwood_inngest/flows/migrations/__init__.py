"""What versions of the template do to apps that are set up; one file each, named in copier.yml."""
