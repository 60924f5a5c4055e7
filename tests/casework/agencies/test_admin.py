"""The admin keeps reference data and users; roles are given elsewhere, with a reason, and never to oneself."""

import pytest
from django.urls import reverse

from casework.agencies.models import RoleGrant
from tests.factories import UserFactory


@pytest.fixture
def keeper(db, client):
    user = UserFactory(role="system_administrator", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_nobody_gives_themselves_a_role_in_the_admin(client, keeper):
    given = {"user": keeper.pk, "role": "centre_head", "granted_by": keeper.pk, "reason": "-"}
    given |= {"during_0": "2020-01-01 00:00", "during_1": ""}
    assert client.post(reverse("admin:agencies_rolegrant_add"), given).status_code == 403
    row = keeper.grants.get()
    assert client.post(reverse("admin:agencies_rolegrant_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert list(RoleGrant.objects.filter(user=keeper)) == [row]


def test_the_admin_has_no_log_in_of_its_own_that_skips_the_second_factor(client, db):
    answer = client.get(reverse("admin:login"), {"next": "/admin/"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
