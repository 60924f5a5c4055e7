"""Whose protection ends: the steps before the last day, beside the band and the worker; the calendar of them."""
