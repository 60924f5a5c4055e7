"""Write the directory of services to a file."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from referrals.directory import hsds
from referrals.models import Service


class Command(BaseCommand):
    help = "Write every service to FILE as Open Referral HSDS 3 (JSON): those of the past and those to come too."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="the JSON file to write")

    def handle(self, *, file, **options):
        page = hsds.page_of(Service.objects.shown().order_by("uid"), now=timezone.now())
        Path(file).write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{page['total_items']:,} services written to {file}")
