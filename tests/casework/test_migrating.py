"""Migrating in place (casework/migrating.py) leaves the classes that Django would have rendered."""

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AlterField, CreateModel, RemoveField
from django.db.migrations.state import StateApps

from casework.migrating import LISTS, State


def described(registry):
    """Return what SQL is made from, of every model: columns in their order, where keys point, lists, relations back."""
    return {
        model._meta.label: {
            "table": model._meta.db_table,
            "fields": [_field(field) for field in model._meta.local_fields],
            "many": [(field.name, field.m2m_db_table()) for field in model._meta.local_many_to_many],
            "back": sorted((back.name, back.related_model._meta.label) for back in model._meta.related_objects),
            **{name: [entry.name for entry in getattr(model._meta, name, ())] for name in LISTS},
        }
        for model in registry.get_models(include_auto_created=True)
    }


def _field(field):
    points_to = field.remote_field and field.remote_field.model._meta.label
    return field.name, field.column, field.db_type(connection), field.null, field.db_default, field.unique, points_to


def in_place(operations, unmigrated=()):
    """Return the state after these operations, changed in place."""
    state = State(real_apps=set(unmigrated))
    assert state.apps is not None, "rendered before the first change, as the executor does"
    for label, operation in operations:
        operation.state_forwards(label, state)
    return state


def of_the_product(loader):
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.graph.nodes[key]
        yield from ((migration.app_label, operation) for operation in migration.operations)


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def migrated(loader):
    return in_place(of_the_product(loader), loader.unmigrated_apps)


def test_after_all_migrations_the_classes_are_those_that_django_renders(migrated):
    rendered = StateApps(migrated.real_apps, migrated.models)
    assert described(migrated.apps) == described(rendered)


def test_the_state_that_later_migrations_are_compared_with_is_the_same(migrated, loader):
    ours, theirs = (
        {key: (list(model.fields), model.options, model.bases) for key, model in state.models.items()}
        for state in (migrated, loader.project_state())
    )
    assert ours == theirs


KEY = ("id", models.BigAutoField(primary_key=True))
POINTS = {"on_delete": models.CASCADE}
CHANGES = [
    ("risk", CreateModel("Post", [KEY, ("word", models.TextField())])),
    ("risk", CreateModel("Sign", [KEY, ("post", models.ForeignKey("risk.Post", **POINTS))])),
    ("risk", AddField("post", "latest", models.ForeignKey("risk.Sign", null=True, related_name="+", **POINTS))),
    ("risk", AlterField("post", "word", models.CharField(max_length=9))),
    ("risk", AddField("sign", "seen", models.ManyToManyField("risk.Post", related_name="seen_by"))),
    ("risk", RemoveField("post", "latest")),
]


@pytest.mark.parametrize("done", range(1, len(CHANGES) + 1))
def test_a_field_that_is_changed_or_goes_is_drawn_as_django_draws_it(done):
    state = in_place(CHANGES[:done])
    assert described(state.apps) == described(StateApps(state.real_apps, state.models))
    sign = state.models.get(("risk", "sign")) and state.apps.get_model("risk.Sign")
    assert sign is None or sign._meta.get_field("post").related_model is state.apps.get_model("risk.Post")


def test_python_in_a_migration_gets_classes_that_django_rendered():
    state = in_place(CHANGES)
    before = state.apps
    state.clear_delayed_apps_cache()
    assert state.apps is not before
