"""The pages that come with Django and allauth: log-in and the user's own account, and reference data in the admin."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from casework.agencies.roles import ROLES
from tests.architecture.test_urls import walk
from tests.architecture.world import asked, world_of
from tests.factories import UserFactory

EXAMPLES = {"key": "abc", "uidb36": "1", "pk": 1}
OPEN_TO_ALL = {"admin:login", "admin:logout", "admin:jsi18n"}
METHODS = ("GET", "POST")


def somebody(role):
    administers = role == "system_administrator"
    return UserFactory(role=role, is_staff=administers, is_superuser=administers)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, "case_manager", "system_administrator"])
def test_the_pages_of_the_account_answer_everybody(client, role):
    if role:
        client.force_login(somebody(role))
    failed = [
        f"{method} {name}: {answer.content[:300]}"
        for name, arguments in walk()
        if name.startswith(("account_", "mfa_"))
        for method in METHODS
        if (answer := asked(client, method, reverse(name, kwargs={a: EXAMPLES[a] for a in arguments}))).status_code
        >= 500
    ]
    assert failed == []


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client, django_user_model):
    before = django_user_model.objects.count()
    client.post(reverse("account_signup"), {"username": "newcomer", "password1": "아무나-들어오지-못함-2026"})
    assert django_user_model.objects.count() == before


def admin_urls():
    """Yield each URL of the admin: its name and an address; those about a model lead to a row of it."""
    models = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
    for name, _ in walk():
        if name.startswith("admin:"):
            model = next((models[label] for label in models if name.startswith(f"admin:{label}_")), None)
            row = model.objects.order_by("pk").first() if model else None
            yield name, _address(name, row.pk if row else 1)


def _address(name, pk):
    for arguments in ([], [pk], ["agencies"], [1, 1]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say how to call it")


@pytest.mark.django_db
def test_reference_data_is_closed_to_every_role_but_the_administrator(client):
    for role in [None, *ROLES]:
        if role == "system_administrator":
            continue
        if role:
            client.force_login(somebody(role))
        opened = [
            f"{role}: {method} {name}: {answer.status_code}"
            for name, url in admin_urls()
            for method in METHODS
            if not refused(answer := asked(client, method, url)) and name not in OPEN_TO_ALL
        ]
        assert opened == []


def refused(answer):
    sent_away = answer.status_code == 302 and "login" in answer.headers["Location"]
    return sent_away or answer.status_code in {403, 404}


@pytest.mark.django_db
def test_the_administrator_keeps_reference_data_and_meets_nobody_there(client):
    client.force_login(somebody("system_administrator"))
    world_of("case_manager")
    answers = [(f"{m} {name}", asked(client, m, url)) for name, url in admin_urls() for m in METHODS]
    assert [f"{about}: {answer.content[:300]}" for about, answer in answers if answer.status_code >= 500] == []
    assert [about for about, answer in answers if "표하나" in answer.content.decode()] == []
