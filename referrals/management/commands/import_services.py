"""Load services from a file of Open Referral HSDS 3."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from casework.agencies.models import User
from referrals.directory.bringing import Brought, FileRefused, bring, read


class Command(BaseCommand):
    help = "Load services (HSDS 3, JSON). Exit 0 all, 1 some rows refused, 2 file refused."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="JSON: a page of services with “contents”, or a list of them")
        parser.add_argument("--source", required=True, help="who sent it; shown with each service")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, file, source, **options):
        brought, whole = Brought(), ""
        try:
            rows = read(Path(file).read_text(encoding="utf-8-sig"))
            brought = bring(rows, source=source[:80], by=User.objects.system(), now=timezone.now())
        except FileRefused as refused:
            whole = str(refused)
        except (OSError, UnicodeDecodeError):
            whole = f"“{file}” cannot be read."
        if whole:
            brought.refused = [{"row": 0, "field": "", "reason": whole}]
        self._print_json(brought) if options["json"] else self._print_words(brought, whole)
        if brought.refused:
            sys.exit(2 if whole else 1)

    def _print_json(self, brought):
        self.stdout.write(json.dumps(vars(brought), ensure_ascii=False))

    def _print_words(self, brought, whole):
        if whole:
            self.stderr.write(whole)
            return
        names = ("rows", "loaded", "unchanged", "superseded")
        counts = ", ".join(f"{name} {getattr(brought, name):,}" for name in names)
        self.stdout.write(f"{counts}, refused {len(brought.refused):,}")
        for row in brought.refused:
            self.stdout.write(f"{row['row']:>8}  {row['field']}: {row['reason']}")
