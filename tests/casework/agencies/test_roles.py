"""A grant is a dated row, and a predicate asks the database for it (design §6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.agencies.models import RoleGrant, User
from casework.agencies.roles import ROLES, May, can, granted, roles_of
from households.models import Household
from tests.factories.agencies import UserFactory, give
from tests.factories.households import HouseholdFactory, ShareFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda r: r.code)
def test_every_role_describes_itself(role):
    assert str(role.label)
    assert str(role.explanation).endswith((".", "다."))
    assert role.words <= set(May)


def test_a_revoked_grant_stops_at_once():
    head = UserFactory(role="centre_head")
    household = HouseholdFactory(center=head.agency)
    seen = Household.objects.visible_to(head)
    assert list(seen) == [household]
    grant = RoleGrant.objects.get(user=head)
    grant.during = (grant.during.lower, timezone.now() - timedelta(seconds=1))
    grant.save()
    assert list(seen.all()) == []


def test_a_grant_can_expire():
    user = UserFactory(role="")
    give(user, "supervisor", until=timezone.now() - timedelta(days=1))
    assert not can(user, May.REVIEW)
    assert roles_of(user) == []
    assert not User.objects.filter(pk__in=granted(May.REVIEW, user)).exists()


def test_the_same_role_is_not_granted_twice_at_a_time():
    user = UserFactory(role="supervisor")
    with pytest.raises(IntegrityError, match="role_granted_once"), transaction.atomic():
        give(user, "supervisor")


def test_a_revocation_names_who_and_why():
    grant = RoleGrant.objects.get(user=UserFactory(role="supervisor"))
    grant.revoked_by = grant.granted_by
    with pytest.raises(IntegrityError, match="role_revoked_by_with_reason"), transaction.atomic():
        grant.save()


@pytest.mark.parametrize("role", ["system_administrator", "privacy_auditor", "ministry_officer", "town_worker"])
def test_who_keeps_users_logs_or_figures_sees_no_household(role):
    household = HouseholdFactory()
    centre = household.responsibility_set.get().center
    assert not Household.objects.visible_to(UserFactory(role=role, agency=centre)).exists()


def test_an_expired_share_stops_at_once_and_two_overlapping_shares_stay_two():
    friend = UserFactory(role="counsellor")
    household = HouseholdFactory()
    first = ShareFactory(household=household, to_user=friend)
    second = ShareFactory(household=household, to_user=friend)
    seen = Household.objects.visible_to(friend)
    first.end(by=first.shared_by)
    assert list(seen.all()) == [household]
    second.end(by=second.shared_by)
    assert list(seen.all()) == []


def test_the_system_user_cannot_log_in(client):
    client.post("/accounts/login/", {"login": "system", "password": "!"})
    assert "_auth_user_id" not in client.session
    assert not User.objects.system().has_usable_password()
