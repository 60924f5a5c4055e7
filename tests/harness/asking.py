"""Words of tests that ask pages, as somebody and as of a day."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone


@pytest.fixture
def ask(client):
    """Return ask(user, "get", url, **data): the answer of the page to that user."""

    def go(user, method, url, /, **data):
        client.force_login(user)
        return getattr(client, method)(url, data)

    return go


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def page_of(household):
    return reverse("desks:household", args=[household.number])


def main_of(page):
    """What the page shows, without the minute at which it would be printed."""
    return re.sub(r' data-print="[^"]*"', "", re.search(r"<main.*</main>", page, re.S)[0])


def inquiry_of(household, file=""):
    return reverse("desks:inquiry_file" if file else "desks:inquiry", args=[household.number])


def section_of(page, key):
    """Return a section of an inquiry as text without tags."""
    found = re.search(rf'<section[^>]* id="{key}".*?</section>', page, re.S)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))
