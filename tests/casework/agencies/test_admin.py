"""The admin keeps reference data and users; roles are given elsewhere, with a reason, and never to oneself."""

import pytest
from django.urls import reverse

from casework.agencies.models import RoleGrant, User
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


def test_the_administrator_enters_somebody_and_sets_a_new_password(client, keeper):
    first, second = "처음-비밀번호-2026", "다음-비밀번호-2026"
    words = {
        "username": "newcomer",
        "name": "새일꾼",
        "usable_password": "true",
        "password1": first,
        "password2": first,
    }
    assert client.post(reverse("admin:agencies_user_add"), words).status_code == 302
    user = User.objects.get(username="newcomer")
    assert user.check_password(first)
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"password1": second, "password2": second, "set-password": "1"}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(second)


def test_nobody_gives_the_user_of_the_commands_a_password(client, keeper):
    system = User.objects.system()
    url = reverse("admin:auth_user_password_change", args=[system.pk])
    answer = client.post(url, {"password1": "들어가-보자-2026", "password2": "들어가-보자-2026"})
    assert answer.status_code in {302, 404}
    system.refresh_from_db()
    assert not system.has_usable_password()
