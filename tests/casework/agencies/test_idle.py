"""Whoever left the desk is logged out, is told so, and comes back to the page after logging in."""

import pytest
from django.urls import reverse

from casework.agencies.session import SEEN
from tests.factories import UserFactory
from tests.factories.agencies import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/search/?q=없는+사람"


@pytest.fixture
def away(client):
    """A client whose user has not touched anything for hours."""
    client.force_login(UserFactory(username="away", password=True))
    session = client.session
    session[SEEN] = 1
    session.save()
    return client


def test_the_log_in_says_why_and_leads_back_to_the_page(away):
    answer = away.get(PAGE, follow=True)
    address, _status = answer.redirect_chain[-1]
    assert address.startswith(reverse("account_login") + "?idle=1&next=")
    assert "로그아웃되었습니다" in answer.content.decode()
    back = away.post(address, {"login": "away", "password": PASSWORD})
    assert back["Location"] == away.get(PAGE).wsgi_request.get_full_path()


def test_what_was_sent_is_not_sent_again_but_its_page_is_shown(away):
    answer = away.post("/search/", headers={"referer": "http://testserver/at-risk/?band=4"})
    assert answer["Location"].endswith("next=%2Fat-risk%2F%3Fband%3D4")


def test_a_part_of_a_page_does_not_fill_with_the_log_in(away):
    answer = away.get("/", headers={"hx-request": "true", "hx-current-url": "http://testserver/day/"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"].endswith("?idle=1&next=%2Fday%2F")
