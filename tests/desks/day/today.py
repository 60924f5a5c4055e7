"""The day as its tests know it: when it is, where its page stands, and what somebody finds there."""

from datetime import timedelta

from django.utils import timezone

from casework.clock import seoul_day
from desks.day.asking import rows_of

NOW = timezone.now()
TODAY = seoul_day(NOW)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL = "/day/"


def kinds(user, **more):
    """Return the kind of each thing that is due to `user` today."""
    return [row.due.kind for row in rows_of(user, on=TODAY, **more)]


def text(client, user, **asked):
    """Return the page of the day as `user` reads it."""
    client.force_login(user)
    return client.get(URL, asked).content.decode()
