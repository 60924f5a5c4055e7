"""Ending the search for somebody who cannot be reached."""
