"""Who left the desk is logged out, is told so, and comes back after logging in: to a page of ours, by an address that
tells nobody at the desk whom they looked for."""

import pytest
from django.urls import reverse

from casework.agencies.session import SEEN
from tests.factories import UserFactory
from tests.factories.agencies import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/search/?q=없는+사람&page=2"


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
    assert back["Location"] == "/search/?page=2"


def test_what_was_sent_is_not_sent_again_but_its_page_is_shown(away):
    answer = away.post("/search/", headers={"referer": "http://testserver/at-risk/?band=4"})
    assert answer["Location"].endswith("next=%2Fat-risk%2F%3Fband%3D4")


def test_a_part_of_a_page_does_not_fill_with_the_log_in(away):
    answer = away.get("/", headers={"hx-request": "true", "hx-current-url": "http://testserver/day/"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"].endswith("?idle=1&next=%2Fday%2F")


@pytest.mark.parametrize("said", ["q=%EA%B9%80", "page=%EA%B9%80%ED%95%98%EB%82%98", "name=kim", "draft=a%20b"])
def test_what_may_be_a_name_is_not_carried(away, client, said):
    assert away.get(f"/search/?{said}")["Location"].endswith("next=%2Fsearch%2F")
    client.logout()
    assert client.get(f"/search/?{said}")["Location"].endswith("/login/?next=%2Fsearch%2F")


@pytest.mark.parametrize("page", ["http://elsewhere.example/day/", "//elsewhere.example/day/", "javascript:x", "day"])
def test_a_page_of_somebody_else_is_not_come_back_to(away, page):
    answer = away.get("/", headers={"hx-request": "true", "hx-current-url": page})
    assert answer["HX-Redirect"].endswith("&next=%2F")


def test_a_sender_of_another_host_is_not_come_back_to(away):
    answer = away.post("/search/", headers={"referer": "http://elsewhere.example/at-risk/"})
    assert answer["Location"].endswith("&next=%2F")


def test_who_is_not_logged_in_and_sends_a_form_comes_back_to_its_page(client):
    answer = client.post(reverse("agencies:keys"), headers={"referer": "http://testserver/at-risk/?band=4"})
    assert answer["Location"].endswith("/login/?next=%2Fat-risk%2F%3Fband%3D4")


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("/day/?page=2#late", "/day/?page=2#late"),
        ("http://testserver/day/", "/day/"),
        ("http://testserver//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("nowhere", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_to_our_own_pages_only(client, said, leads):
    client.force_login(UserFactory())
    assert client.post(reverse("agencies:keys"), {"next": said})["Location"] == leads
