"""manage.py sweep: judge every household, today or as of a past day."""

import json

from django.core.management.base import BaseCommand
from django.utils import timezone

from risk.asked import add_as_of, as_of_from
from risk.bands import Band
from risk.sweeps import sweep


class Command(BaseCommand):
    help = "Judge every household; a past day or an earlier state of knowledge changes no live flag."

    def add_arguments(self, parser):
        add_as_of(parser)

    def handle(self, *args, **options):
        now = timezone.now()
        as_of = as_of_from(options, now)
        found = sweep(as_of, live=as_of.is_live(now)).as_json()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(
            f"{found['on']}: {found['households']} households, {found['persons']} persons, "
            f"{found['seconds']:.2f} s; opened {found['opened']}, cleared {found['cleared']}"
        )
        self.stdout.write("  ".join(f"{Band[code.upper()].label} {n}" for code, n in found["bands"].items()))
        for code, hits in found["rules"].items():
            self.stdout.write(f"  {code:<14}{hits:>7}")
