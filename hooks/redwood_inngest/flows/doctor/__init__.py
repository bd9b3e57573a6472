"""What is right and wrong in an app that is set up."""
