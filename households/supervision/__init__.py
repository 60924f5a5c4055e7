"""Supervision of a worker: what was talked about and agreed, for the worker and the supervisor alone."""
