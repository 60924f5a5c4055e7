"""Figures: how many households, where; nobody by name, and no small count."""
