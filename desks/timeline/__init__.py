"""The timeline of a household: what happened, and how each entry is told."""
