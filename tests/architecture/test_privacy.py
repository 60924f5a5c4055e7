"""Every model that leads to a person says who may see it (design §6, §9)."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection

from casework.grants import append_only_models
from households.models import Household, HouseholdGroupPermission, HouseholdUserPermission, Person

# Rows of these carry no fact of their own: they are the exception's machinery, read only inside `visible_to`.
MACHINERY = {HouseholdUserPermission, HouseholdGroupPermission}


def leads_to_a_person(model, seen=()):
    """Tell whether foreign keys lead from `model` to Person or Household."""
    if model in (Person, Household):
        return True
    targets = [
        f.related_model for f in model._meta.get_fields() if f.many_to_one or (f.one_to_one and not f.auto_created)
    ]
    return any(
        leads_to_a_person(target, (*seen, model)) for target in targets if target not in seen and target is not model
    )


def models_about_people():
    ours = {"households", "referrals", "risk", "casework", "imports", "agencies"}
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ours and model._meta.managed and not hasattr(model, "pgh_tracked_model")
        if leads_to_a_person(model)
    ]


@pytest.mark.parametrize("model", models_about_people(), ids=lambda m: m._meta.label)
def test_a_model_that_leads_to_a_person_has_visible_to(model):
    if model in MACHINERY:
        return
    visible_to = getattr(model._default_manager.all(), "visible_to", None)
    assert visible_to, f"{model._meta.label} leads to a person: its QuerySet needs visible_to(user)"
    assert visible_to.__doc__, f"{model._meta.label}.visible_to: the docstring is the privacy rule"


def test_no_model_that_leads_to_a_person_is_in_the_admin():
    assert [m._meta.label for m in models_about_people() if m in admin.site._registry] == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", append_only_models(), ids=lambda m: m._meta.label)
def test_the_serving_role_cannot_change_facts_and_logs(model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%(t)s, 'UPDATE'), has_table_privilege(%(t)s, 'DELETE'),"
            " has_table_privilege(%(t)s, 'TRUNCATE'), has_table_privilege(%(t)s, 'INSERT')",
            {"t": table},
        )
        assert cursor.fetchone() == (False, False, False, True)
        cursor.execute(
            "SELECT column_name FROM information_schema.column_privileges WHERE table_name = %s"
            " AND privilege_type = 'UPDATE' AND grantee = current_user",
            [table],
        )
        assert {row[0] for row in cursor.fetchall()} <= {"superseded_at"}


@pytest.mark.django_db
def test_the_serving_role_owns_no_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_object_permissions_are_asked_in_one_place_only(settings):
    """`has_perm` and `get_objects_for_user` appear nowhere: `visible_to` is the one definition."""
    packages = ["casework", "households", "referrals", "risk", "desks"]
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for package in packages
        for path in (settings.BASE_DIR / package).rglob("*.py")
        if any(word in path.read_text() for word in (".has_perm(", "get_objects_for_user", "ObjectPermissionChecker"))
    ]
    assert found == []
