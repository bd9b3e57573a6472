"""The facts about an app: how it is built, its packages, its code style."""
