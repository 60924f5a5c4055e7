"""Visits that are planned: who goes, until when they are expected back, and what to be careful about at an address."""
