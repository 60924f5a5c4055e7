"""Migrates as the role `owner`; Django's own command would take the role that serves."""

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from casework.servers.postgres import require_korean_search


class Command(DjangoMigrate):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options):
        answer = super().handle(*args, **options)
        with connections[options["database"]].cursor() as cursor:
            require_korean_search(cursor)
        return answer
