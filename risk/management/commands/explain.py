"""manage.py explain: why a household stands where it stands, and why not elsewhere."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from casework.agencies.models import User
from casework.audit.record import record
from risk.asked import add_as_of, as_of_from
from risk.explained import NotFound, explain, find_household


class Command(BaseCommand):
    help = "Explain the band of one household as of a day, by what was known at a moment."

    def add_arguments(self, parser):
        parser.add_argument("reference", metavar="HOUSEHOLD_REF|CASE_NUMBER")
        add_as_of(parser)

    def handle(self, *args, **options):
        now = timezone.now()
        as_of = as_of_from(options, now)
        try:
            household = find_household(options["reference"], as_of)
        except NotFound as error:
            raise CommandError(
                f"{error}: no household is known by this reference, and no person lives anywhere on "
                f"{as_of.on} by this case number"
            ) from error
        found = explain(household, as_of, live=as_of.is_live(now))
        record("explained", household, by=User.objects.filter(username="system").first(), household_id=household.pk)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        language = "en" if translation.get_language() == "en" else "ko"
        self.stdout.write(f"{found['household']}  {found['on']}  {found['band']}  {found['score']}")
        for flag in found["flags"]:
            self.stdout.write(
                f"  {flag['weight']:>3}  {flag['rule']:<13} {flag['since']}  {flag['sentence'][language]} "
                f"[{flag['basis']}]"
            )
        for quiet in found["quiet"]:
            self.stdout.write(f"    –  {quiet['rule']:<13} {quiet['nearest']} {' '.join(quiet['unknown'])}")
