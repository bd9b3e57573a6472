"""Functions of an app: generate one with its test and its registration, and take one away."""
