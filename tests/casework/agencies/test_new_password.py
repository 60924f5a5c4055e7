"""A forgotten password: by e-mail where there is a mail server, else from the administrator; nothing false is said."""

import pytest
from django.core import mail
from django.urls import reverse

from tests.factories import UserFactory

ADMINISTRATOR = "시스템 관리자"
RESET = "/accounts/password/reset/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return UserFactory(email="worker@centre.example")


def test_without_a_mail_server_no_link_is_offered_and_no_mail_promised(client, worker, settings):
    settings.EMAIL_URL = ""
    login = client.get(reverse("account_login")).content.decode()
    assert RESET not in login
    assert ADMINISTRATOR in login
    page = client.get(RESET).content.decode()
    assert ADMINISTRATOR in page
    assert 'name="email"' not in page
    done = client.post(RESET, {"email": worker.email}, follow=True).content.decode()
    assert ADMINISTRATOR in done
    assert mail.outbox == []


def test_with_a_mail_server_the_link_comes_by_mail_and_works(client, worker, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    assert RESET in client.get(reverse("account_login")).content.decode()
    assert 'name="email"' in client.get(RESET).content.decode()
    answer = client.post(RESET, {"email": worker.email}, follow=True)
    assert answer.status_code == 200
    (letter,) = mail.outbox
    assert letter.to == [worker.email]
    link = next(line for line in letter.body.split() if "/accounts/password/reset/key/" in line)
    form = client.get(link[link.index("/accounts") :], follow=True)
    new = "새로운-비밀번호-2026"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    worker.refresh_from_db()
    assert worker.check_password(new)


def test_a_stranger_s_address_gets_no_mail_and_learns_nothing(client, worker, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    known = client.post(RESET, {"email": worker.email}, follow=True).content
    mail.outbox.clear()
    unknown = client.post(RESET, {"email": "stranger@elsewhere.example"}, follow=True).content
    assert mail.outbox == []
    assert len(known) == len(unknown)
