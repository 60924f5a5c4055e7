"""The second law: foreign keys point down (design §2); the first and third are contracts in pyproject.toml."""

from django.apps import apps

FLOORS = {
    "desks": 4,
    "risk": 3,
    "referrals": 2,
    "households": 1,
    "casework": 0,
    "imports": 0,
    "exports": 0,
    "agencies": 0,
    "telling": 0,
    "audit": 0,
}
FORBIDDEN = {"core", "utils", "common", "helpers.py", "services.py", "helpers", "services", "utils.py", "common.py"}


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.many_to_one or (field.one_to_one and not field.auto_created)
        if field.related_model._meta.app_label in FLOORS
        if FLOORS[field.related_model._meta.app_label] > FLOORS[model._meta.app_label]
    ]
    assert upward == []


def test_the_logs_have_no_foreign_keys():
    fields = [
        f for model in apps.get_app_config("audit").get_models() for f in model._meta.get_fields() if f.is_relation
    ]
    assert fields == []


def test_desks_own_no_models():
    assert list(apps.get_app_config("desks").get_models()) == []


def test_a_shared_thing_gets_a_noun(settings):
    ours = ["casework", "households", "referrals", "risk", "desks"]
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for package in ours
        for path in (settings.BASE_DIR / package).rglob("*")
        if path.name in FORBIDDEN
    ]
    assert found == []
