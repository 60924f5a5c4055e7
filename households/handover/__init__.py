"""Handover from Hanawon: who is coming, who takes them on, the day of the move, and the first steps after it."""
