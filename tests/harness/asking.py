"""Words of tests that ask pages as of a day."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def page_of(household):
    return reverse("desks:household", args=[household.number])


def main_of(page):
    """What the page shows, without the minute at which it would be printed."""
    return re.sub(r' data-print="[^"]*"', "", re.search(r"<main.*</main>", page, re.S)[0])
