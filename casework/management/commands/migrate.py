"""Migrates as the role `owner`; Django's own command would take the role that serves."""

from django.core.management.commands import migrate as django_migrate
from django.db import connections

from casework.migrating import Executor
from casework.servers.postgres import require_korean_search

# The command takes it from its module, and offers no other way.
django_migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


class Command(django_migrate.Command):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options):
        answer = super().handle(*args, **options)
        with connections[options["database"]].cursor() as cursor:
            require_korean_search(cursor)
        return answer
