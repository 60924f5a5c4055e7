"""Where messages go: https, in public, and never into our own network, whatever a name means a moment later."""

import socket

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referrals.models import WebhookDelivery, WebhookSubscription
from referrals.webhooks import reaching, sending, signing, subscribing
from tests.factories import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https:///nowhere",
        "https://user:secret@example.org/",
        "https://example.org/#x",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://example.org:99999/",
        "no address",
    ],
)
def test_an_address_that_is_not_gone_to_is_refused_when_it_is_added(admin, url):
    with pytest.raises(ValidationError):
        subscribing.subscribe(AgencyFactory(), url=url, events=["referral.send"], by=admin)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_into_a_private_network_is_not_gone_to(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(family, socket.SOCK_STREAM, 6, "", (address, 443))])
    with pytest.raises(reaching.Refused):
        reaching.post("https://hooks.example/", b"{}", {})


def test_a_name_with_one_private_address_among_public_ones_is_not_gone_to(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(reaching.Refused):
        reaching.looked_up("hooks.example", 443)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A second look-up of the name would be the hole: the first one says public, the second one private."""
    asked, reached = [], []
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    def look_up(*arguments, **options):
        asked.append(arguments[0])
        return public

    def connect(address, *arguments, **options):
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(reaching.Unreachable):
        reaching.post("https://hooks.example/", b"{}", {})
    assert asked == ["hooks.example"]
    assert reached == ["93.184.215.14"]


def test_what_turned_private_after_it_was_added_is_given_up_at_once(admin, receiver, monkeypatch):
    subscribing.subscribe(receiver.agency, url="https://hooks.example/", events=["referral.send"], by=admin)
    ReferralFactory(receiver=receiver)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    assert sending.work_off(timezone.now) == 0
    assert WebhookDelivery.objects.get().last_error == "private network"
    assert WebhookDelivery.objects.get().dead_at is not None


def test_the_page_adds_an_address_and_shows_its_secret_once(client, admin, receiver):
    client.force_login(admin)
    words = {"agency": receiver.agency_id, "url": "https://hooks.example/a", "events": ["referral.send"]}
    answer = client.post(reverse("referrals:webhook_add"), words)
    made = WebhookSubscription.objects.get()
    secret = signing.secret_of(made)
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get(reverse("referrals:webhooks")).content.decode()
    assert secret not in str(WebhookSubscription.objects.values().get())
    twice = client.post(reverse("referrals:webhook_add"), words)
    assert twice.status_code == 422
    bad = client.post(reverse("referrals:webhook_add"), words | {"url": "https://10.0.0.1/"})
    assert bad.status_code == 422
    assert WebhookSubscription.objects.count() == 1


def test_the_buttons_of_the_page(client, admin, receiver):
    made = subscribing.subscribe(receiver.agency, url="https://hooks.example/", events=["referral.send"], by=admin)
    ReferralFactory(receiver=receiver)
    letter = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(dead_at=timezone.now(), tries=6)
    for name, pk in (("webhook_again", letter.pk), ("webhook_end", made.pk)):
        url = reverse(f"referrals:{name}", args=[pk])
        client.force_login(UserFactory(role="centre_head"))
        assert client.post(url).status_code == 403
        client.force_login(admin)
        assert client.get(url).status_code == 405
        assert client.post(reverse(f"referrals:{name}", args=[pk + 999])).status_code == 404
        first = client.post(url, follow=True).content.decode()
        again = client.post(url, follow=True).content.decode()
        assert first != again
    letter.refresh_from_db()
    made.refresh_from_db()
    assert letter.dead_at is None
    assert made.ended_by == admin
    with pytest.raises(PermissionDenied):
        subscribing.subscribe(receiver.agency, url="https://x.example/", events=["referral.send"], by=receiver)


def test_the_page_asks_as_often_for_many_as_for_few(client, admin, receiver):
    client.force_login(admin)
    client.get(reverse("referrals:webhooks"))
    counts = []
    for n in (2, 18):
        for k in range(n):
            made = subscribing.subscribe(
                receiver.agency, url=f"https://hooks.example/{n}/{k}", events=["referral.send"], by=admin
            )
            WebhookDelivery.objects.create(
                subscription=made,
                event="referral.send",
                number="R-1",
                moment=timezone.now(),
                next_at=timezone.now(),
                dead_at=timezone.now(),
            )
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("referrals:webhooks"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
