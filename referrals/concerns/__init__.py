"""A concern: somebody outside tells us that they worry about a person, and the covering centre looks at it at once."""
