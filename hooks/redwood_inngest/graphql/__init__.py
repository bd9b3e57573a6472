"""Schema and operations as they stand in the app's sources, and the types of their events."""
