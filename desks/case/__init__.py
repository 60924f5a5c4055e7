"""The case of one household: the rooms of the work with it, side by side, each in a few lines."""
