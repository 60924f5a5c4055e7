"""Loads the demo register: made-up people with the published totals, users, contacts and signals."""

from datetime import date
from time import monotonic

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from casework.clock import seoul_day
from desks.demo import load
from desks.demo.looked_after import first_days
from households.models import Person


class Command(BaseCommand):
    help = "Loads the demo register (synthetic people, users, two years of contacts and signals) and sweeps it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--people", type=int, default=load.PEOPLE, help="defectors; others of their households come on top"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, help="the day it is to look like; default today"
        )
        parser.add_argument("--scale", type=float, default=1, help="multiplies the people")
        parser.add_argument("--signals", type=int, default=None, help="default: 300,000 for 34,078 people")
        parser.add_argument("--contacts", type=int, default=None, help="about; default: 150,000 for 34,078 people")
        parser.add_argument("--no-sweep", action="store_true", help="leave the first sweep to whoever comes next")

    def handle(self, *, people, seed, on, scale, signals, contacts, no_sweep, **options):
        on = self._day(on)
        self._refuse(people)
        begun = monotonic()

        def say(words):
            self.stdout.write(f"  {monotonic() - begun:5.1f} s  {words}")
            self.stdout.flush()

        load.load(load.Size(round(people * scale), signals, contacts), seed=seed, on=on, say=say)
        if not no_sweep:
            found = first_days(on, timezone.now(), seed=seed)
            say(f"{found.households} households swept: " + ", ".join(f"{band} {n}" for band, n in found.bands.items()))
        self.stdout.write(f"The demo register is loaded: {monotonic() - begun:.0f} s.")
        self.stdout.write(f"All demo users have the password {settings.DEMO_PASSWORD}.")

    def _day(self, on):
        today = seoul_day(timezone.now())
        on = on or today
        if not load.EARLIEST <= on <= today:
            raise CommandError(f"--on must be a day from {load.EARLIEST} to today.")
        return on

    def _refuse(self, people):
        if settings.PRODUCTION:
            raise CommandError("The demo register is not loaded into a production installation.")
        if not people >= 200:
            raise CommandError("--people must be at least 200.")
        if load.is_demo():
            raise CommandError(
                "The demo register is loaded already. Use an empty database (CASEWORK_VAR names another one)."
            )
        if Person.objects.exists():
            raise CommandError("There are people in this database. The demo register is only loaded into an empty one.")
