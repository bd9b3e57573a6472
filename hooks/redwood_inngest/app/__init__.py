"""What is found in an app: how it is built, its packages, its code style."""
