"""The day: one list of what is due, derived from what every room knows, and a worker's own tasks beside it."""
