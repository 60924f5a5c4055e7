"""The at-risk list: who needs somebody first, and why."""
