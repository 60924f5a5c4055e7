"""The facts of one sweep: who and what is gathered, as temporary tables that rules read."""
