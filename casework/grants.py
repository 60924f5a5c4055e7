"""Two database roles: `owner` migrates, `app` serves. Append-only is a grant, not a promise (design §4).

What a grant cannot say, a trigger says; and no session may tell it not to.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections


def append_only_models():
    """Return the models whose rows the serving role may add and read, never change.

    A model says so itself with `append_only = True`; facts may further set `superseded_at`, once.
    """
    return [model for model in apps.get_models(include_auto_created=True) if getattr(model, "append_only", False)]


def ending_models():
    """Return the models whose rows may be added and ended, with the columns that end them (`may_only_end`)."""
    return {model: model.may_only_end for model in apps.get_models() if hasattr(model, "may_only_end")}


# A trigger that `SET pgtrigger.ignore` silences guards nothing: any session may set it, the serving role's too. Every
# migration that adds a trigger brings the library's own function back, so it is settled here, after each of them.
NEVER_IGNORED = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS $$ BEGIN RETURN FALSE; END; $$ LANGUAGE plpgsql IMMUTABLE
"""


def settle_triggers(sender, using="owner", **kwargs):
    """Let nobody switch the triggers off that hold facts, logs and steps; runs as the owner after `migrate`."""
    with connections[using].cursor() as cursor:
        cursor.execute(NEVER_IGNORED)


def settle_grants(sender, using="owner", **kwargs):
    """Give the serving role what it needs and nothing more; runs as the owner after `migrate`.

    Idempotent. A database whose serving role is the owner itself (refused in production) is left alone.
    """
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    if not role or role == connection.settings_dict["USER"]:
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for statement in _statements(quote(role), quote):
            cursor.execute(statement)


def _statements(role, quote):
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"
    for model in append_only_models():
        table = quote(model._meta.db_table)
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"
        if any(field.name == "superseded_at" for field in model._meta.fields):
            yield f"GRANT UPDATE (superseded_at) ON {table} TO {role}"
    for model, columns in ending_models().items():
        table, named = quote(model._meta.db_table), ", ".join(quote(name) for name in columns)
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"
        yield f"GRANT UPDATE ({named}) ON {table} TO {role}"
