"""Case conferences (사례회의): a centre's own meeting about households, what was decided there, and what came of it."""
