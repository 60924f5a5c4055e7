"""What a production installation refuses to start with. The demo key and DEBUG are refused by the settings already."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from casework.servers.postgres import require_korean_search

_OWNS = """
    SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                   WHERE nspname = current_schema() AND relkind IN ('r', 'p')
                     AND pg_has_role(current_user, relowner, 'USAGE'))
"""


def settings_problems():
    """Return sentences about settings that must not meet real people's data."""
    problems = []
    if settings.DEBUG:
        problems.append("DEBUG is on: it shows a person's data in error pages.")
    if settings.SECRET_KEY == settings.DEMO_KEY:
        problems.append("SECRET_KEY is the demo key: set one of your own.")
    if settings.DEMO:
        problems.append("DEMO is on: it shows demo log-ins and loads made-up people.")
    return problems


def database_problems(using="default"):
    """Return sentences about the database behind `using`: who owns its tables, who can log in."""
    problems = []
    with connections[using].cursor() as cursor:
        cursor.execute(_OWNS)
        if cursor.fetchone()[0]:
            problems.append(
                "DATABASE_URL is a role that owns the tables, so logs could be changed: use a role without."
            )
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [get_user_model()._meta.db_table])
        migrated = cursor.fetchone()[0]
    if migrated and get_user_model().objects.using(using).filter(is_demo=True).exists():
        problems.append("There are demo users, whose passwords are public: start with an empty database.")
    return problems


def refuse_to_start():
    """Raise `ImproperlyConfigured` for an unsafe production installation, and for a database without Korean search."""
    with connections["default"].cursor() as cursor:
        require_korean_search(cursor)
    problems = settings_problems() + database_problems() if settings.PRODUCTION else []
    connections["default"].close()  # not to be inherited by the processes that serve
    if problems:
        raise ImproperlyConfigured(" ".join(problems))


@register(Tags.security, deploy=True)
def check_production_settings(app_configs, **kwargs):
    """`manage.py check --deploy` says what would be refused."""
    return [Error(sentence, id="casework.E001") for sentence in settings_problems()]


@register(Tags.database, deploy=True)
def check_production_database(app_configs, databases, **kwargs):
    """`manage.py check --deploy --database default` looks into the database too."""
    return (
        [Error(sentence, id="casework.E002") for sentence in database_problems()]
        if "default" in (databases or ())
        else []
    )
