"""The ground floor: what is true of any casework product, and the project's wiring."""

from casework.celery import app as celery_app

__all__ = ["celery_app"]
