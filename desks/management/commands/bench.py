"""Measures the product on a throwaway database and writes docs/benchmarks.md."""

import sys
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from desks.bench import (
    asking,
    decisions,
    engine,
    entitlements,
    evaluation,
    files,
    handling,
    machine,
    network,
    pages,
    report,
)
from desks.bench.throwaway import database
from desks.demo import load
from desks.demo.looked_after import first_days
from households.models import Contact
from risk.models import Signal, Standing

# The number of contacts is a rhythm, not a count: so many asked for make about 400,000.
SIGNALS, CONTACTS = 1_000_000, 432_000
USUAL = 1
TIMES, TIMES_LARGE = 5, 3


class Command(BaseCommand):
    help = "Measures sweeps, pages, imports and search on a throwaway database and writes docs/benchmarks.md."

    def add_arguments(self, parser):
        parser.add_argument("--scale", "--times", type=float, default=1, help="multiplies people, signals and contacts")
        parser.add_argument("--people", type=int, default=load.PEOPLE)
        parser.add_argument("--only", choices=["network"], help="this part alone; nothing is written")
        parser.add_argument("--referrals", type=int, default=network.REFERRALS, help="of the part network")
        parser.add_argument("--print", action="store_true", dest="only_print", help="do not write docs/benchmarks.md")

    def handle(self, *, scale, people, only_print, only, referrals, **options):
        if settings.PRODUCTION:
            raise CommandError("The benchmark is not run on a production installation.")
        self.begun, self.referrals = monotonic(), referrals
        size = scale * people / load.PEOPLE
        with database("demo"):
            text = network.page(self._network(size)) if only else report.page(self._measure(size))
        self.stdout.write(text)
        if not (only_print or only):
            name = "benchmarks.md" if scale == 1 else f"benchmarks-{scale:g}x.md"
            (settings.BASE_DIR / "docs" / name).write_text(text, encoding="utf-8")

    def _say(self, words):
        print(f"  {monotonic() - self.begun:6.1f} s  {words}", file=sys.stderr, flush=True)

    def _measure(self, size):
        today, begun = seoul_day(timezone.now()), monotonic()
        found: dict[str, Any] = {"machine": machine.machine(), "before": machine.busy(), "day": today.isoformat()}
        wanted = load.Size(round(load.PEOPLE * size), round(SIGNALS * size), round(CONTACTS * size))
        load.load(wanted, seed=1, on=today, say=self._say)
        found |= {"load": monotonic() - begun, "people": wanted.people}
        swept = first_days(today, timezone.now(), seed=1)
        found["bands"] = ", ".join(f"{band} {n / swept.households:.1%}" for band, n in swept.bands.items())
        found["sweep"] = evaluation.full(TIMES if size <= USUAL else TIMES_LARGE)
        self._say(f"sweep {found['sweep']['median']:.2f} s")
        found["one"] = evaluation.one_household()
        found |= self._decide(size)
        found["entitlements"] = entitlements.measure()
        self._say(f"entitlements of everybody {found['entitlements']['everybody']:.2f} s")
        found["pages"] = pages.measure()
        self._say("pages")
        found["search"] = asking.measure(pages.widest())
        found["seen"] = evaluation.saved_to_seen()
        found |= {"households": Standing.objects.count(), "signals": Signal.objects.count(), "disk": machine.disk()}
        found["contacts"] = Contact.objects.count()
        found["handling"] = handling.measure()
        self._say(f"second start {found['handling']['second']:.1f} s")
        found["files"] = files.measure(self._say)
        found["network"] = network.measure(self.referrals, self._say)
        return found | {"after": machine.busy()}

    def _network(self, size):
        """Measure the referral network alone, over a demo register without contacts and signals to speak of."""
        people = round(load.PEOPLE * size)
        load.load(load.Size(people, people, people), seed=1, on=seoul_day(timezone.now()), say=self._say)
        return network.measure(self.referrals, self._say)

    def _decide(self, size):
        found: dict[str, Any] = {"whatif": decisions.what_if()}
        self._say(f"what-if {found['whatif']['median']:.2f} s")
        found["backtest"] = decisions.back_test()
        self._say(f"back-test {found['backtest']['seconds']:.1f} s")
        found["inquiry"] = decisions.inquiry(pages.widest())
        found["engine"] = None
        if size <= USUAL:
            found["engine"] = engine.measure(AsOf.live(timezone.now()))
            self._say(f"household by household {found['engine']['engine']:.1f} s")
        return found
