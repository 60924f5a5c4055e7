"""Tokens of agencies' systems: who keeps them, what they open, and that a revocation is final."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.roles import AGENCY_SYSTEM, May, can
from casework.api import tokens
from casework.api.models import ApiToken, ApiUse
from casework.api.scopes import Scope
from casework.api.throttling import forget_old_uses
from casework.audit.models import Event
from households.models import Household
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.api import Caller, administrator, issue
from tests.factories.referrals import OfficeFactory

pytestmark = pytest.mark.django_db


def form(agency, **changes):
    until = timezone.localdate() + timedelta(days=30)
    words = {"agency": agency.pk, "name": "새올", "scopes": ["referrals:read"], "until": until, "per_minute": 60}
    return words | changes


def test_the_secret_is_shown_once_and_not_kept(client):
    admin, agency = administrator(), OfficeFactory()
    client.force_login(admin)
    answer = client.post(reverse("interfaces:issue"), form(agency))
    token = ApiToken.objects.get()
    secret = answer.context["secret"]
    assert answer.status_code == 200
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get(reverse("interfaces:tokens")).content.decode()
    assert secret not in str(ApiToken.objects.values().get())
    assert tokens.found(secret) == token
    assert Event.objects.about(token).get().verb == "token issued"


def test_a_token_without_scopes_or_signals_without_a_source_are_refused(client):
    client.force_login(administrator())
    agency = OfficeFactory()
    assert client.post(reverse("interfaces:issue"), form(agency, scopes=[])).status_code == 422
    assert client.post(reverse("interfaces:issue"), form(agency, scopes=["signals:all"])).status_code == 422
    assert client.post(reverse("interfaces:issue"), form(agency, until="2020-01-01")).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_double_tap_issues_one_token(client):
    client.force_login(administrator())
    agency = OfficeFactory()
    answers = [client.post(reverse("interfaces:issue"), form(agency)).status_code for _ in range(2)]
    assert answers == [200, 422]
    token = ApiToken.objects.get()
    tokens.revoke(token, by=token.issued_by, now=timezone.now(), reason="새로 발급")
    assert client.post(reverse("interfaces:issue"), form(agency)).status_code == 200


def test_a_token_acts_as_the_agencys_one_service_user_which_cannot_log_in(client):
    centre = CentreFactory()
    first, second = issue(centre)[0], issue(centre)[0]
    assert first.user == second.user
    assert first.user.agency == centre
    assert not first.user.has_usable_password()
    client.post("/accounts/login/", {"login": first.user.username, "password": "!"})
    assert "_auth_user_id" not in client.session
    assert can(first.user, May.REFER)
    assert not can(first.user, May.REVIEW)
    mine, other = HouseholdFactory(center=centre), HouseholdFactory()
    assert list(Household.objects.visible_to(first.user)) == [mine]
    assert other not in Household.objects.visible_to(first.user)


def test_a_revoked_token_opens_nothing_and_stays_revoked(client):
    admin = administrator()
    caller = Caller(OfficeFactory(), by=admin)
    assert caller.get("agencies").status_code == 200
    client.force_login(admin)
    page = client.post(reverse("interfaces:revoke", args=[caller.token.pk]), {"reason": "잃어버림"}, follow=True)
    assert page.status_code == 200
    refused = caller.get("agencies")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert tokens.revoke(caller.token, by=admin, now=timezone.now(), reason="다시") is False
    assert ApiToken.objects.get().revoked_because == "잃어버림"
    assert Event.objects.about(caller.token).filter(verb="token revoked").count() == 1


def test_a_revocation_needs_a_reason_and_the_serving_role_can_change_nothing_else(client):
    admin = administrator()
    token, _secret = issue(OfficeFactory(), by=admin)
    client.force_login(admin)
    client.post(reverse("interfaces:revoke", args=[token.pk]), {"reason": " "}, follow=True)
    token.refresh_from_db()
    assert token.revoked_at is None
    with pytest.raises(ValueError, match="reason"):
        tokens.revoke(token, by=admin, now=timezone.now(), reason="")
    for change in ({"scopes": ["signals:all"]}, {"per_minute": 9}, {"user": admin}):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(**change)


def test_revoking_refuses_get_and_whoever_is_no_administrator(client):
    token, _secret = issue(OfficeFactory())
    client.force_login(administrator())
    assert client.get(reverse("interfaces:revoke", args=[token.pk])).status_code == 405
    assert client.post(reverse("interfaces:revoke", args=[token.pk + 999]), {"reason": "-"}).status_code == 404
    head = UserFactory(role="centre_head")
    client.force_login(head)
    for name, args in (("tokens", []), ("issue", []), ("revoke", [token.pk])):
        call = client.post if name == "revoke" else client.get
        assert call(reverse(f"interfaces:{name}", args=args)).status_code == 403
    with pytest.raises(PermissionDenied):
        issue(OfficeFactory(), by=head)
    with pytest.raises(ValidationError):
        tokens.issue(
            OfficeFactory(), name="-", scopes=[], by=administrator(), now=timezone.now(), until=None, per_minute=1
        )


def test_a_token_that_is_over_or_whose_user_is_closed_opens_nothing():
    now, words = timezone.now(), {"scopes": [Scope.DIRECTORY_READ], "by": administrator(), "per_minute": 9}
    days = {"now": now - timedelta(days=2), "until": now - timedelta(days=1)}
    assert tokens.found(tokens.issue(OfficeFactory(), name="-", **words, **days)[1]) is None
    later = {"now": now + timedelta(days=1), "until": now + timedelta(days=2)}
    assert tokens.found(tokens.issue(OfficeFactory(), name="-", **words, **later)[1]) is None
    closed = Caller(OfficeFactory())
    closed.user.is_active = False
    closed.user.save()
    assert closed.get("agencies").status_code == 401


def test_taking_the_role_back_stops_the_system_at_once():
    caller = Caller(CentreFactory())
    HouseholdFactory(center=caller.token.agency)
    caller.user.grants.all().delete()
    assert caller.get("referrals").json()["results"] == []
    assert not Household.objects.visible_to(caller.user).exists()
    assert caller.token.user.grants.filter(role=AGENCY_SYSTEM).count() == 0


def test_a_scope_opens_its_endpoint_and_no_other():
    caller = Caller(OfficeFactory(), Scope.DIRECTORY_READ)
    assert caller.get("agencies").status_code == 200
    refused = caller.get("referrals")
    assert refused.status_code == 403
    assert refused.json()["code"] == "not_allowed"
    assert "referrals:read" in refused.json()["detail"]


def test_calls_past_the_limit_are_told_to_wait():
    caller = Caller(OfficeFactory(), per_minute=2)
    answers = [caller.get("agencies").status_code for _ in range(2)]
    third = caller.get("agencies")
    if third.status_code == 200:  # the minute turned meanwhile
        caller.get("agencies")
        third = caller.get("agencies")
    assert answers == [200, 200]
    assert third.status_code == 429
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert third.json()["code"] == "too_many"


def test_the_page_says_when_a_token_was_last_used_and_old_uses_are_forgotten(client):
    admin = administrator()
    caller = Caller(OfficeFactory(), by=admin)
    caller.get("agencies")
    old = timezone.now() - timedelta(days=40)
    ApiUse.objects.create(token=caller.token, minute=old)
    assert forget_old_uses(timezone.now()) == 1
    assert ApiUse.objects.get().calls == 1
    assert tokens.listed().get().used_at is not None
    client.force_login(admin)
    client.get(reverse("interfaces:tokens"))
    counts = []
    for more in (1, 18):
        for _ in range(more):
            issue(OfficeFactory(), by=admin)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("interfaces:tokens"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_token_of_no_calls_is_no_token():
    with pytest.raises(IntegrityError, match="token_is_of_use"), transaction.atomic():
        issue(OfficeFactory(), per_minute=0)


def test_the_description_is_read_by_a_token_and_by_whoever_is_logged_in(client):
    caller = Caller(OfficeFactory())
    told = caller.get("schema").json()
    assert told["openapi"].startswith("3.1")
    assert client.get("/api/v1/schema").status_code == 401
    client.force_login(UserFactory())
    assert client.get("/api/v1/schema").status_code == 200
    page = client.get(reverse("interfaces:docs"))
    assert page.status_code == 200
    for path in told["paths"]:
        assert path in page.content.decode()
    assert "https://" not in page.content.decode().replace("https://www.w3.org", "")
