"""Where a household stands, as a sweep would have left it: for pages that only read it."""

from datetime import timedelta

from django.utils import timezone

from casework.clock import seoul_day
from risk.models import Flag, RuleVersion, Standing, Sweep


def stands(household, band=3, *, due_in=20, contact_ago=10, limit=35, **fields):
    """Write the standing of `household`: `due_in` days until contact is owed (negative: overdue); return it."""
    on = seoul_day(timezone.now())
    values = {
        "band": band,
        "shown_band": band,
        "since": on - timedelta(days=5),
        "contact_on": on - timedelta(days=contact_ago),
        "limit_days": limit,
        "contact_due_on": on + timedelta(days=due_in),
        "swept_at": timezone.now(),
        **fields,
    }
    return Standing.objects.update_or_create(household=household, defaults=values)[0]


TRIED = {"v": 1, "facts": [{"code": "visit", "kind": "attempt"}] * 3, "params": {}}


def flagged(household, rule="R-CON-FAIL", *, raised_ago=timedelta(hours=1), cleared=False, evidence=TRIED):
    """Raise a flag of `rule` for `household`; `cleared` ends it now. Return it."""
    now = timezone.now()
    sweep = Sweep.objects.create(kind="touched", on=seoul_day(now), known_by=now, finished_at=now)
    version = RuleVersion.objects.filter(code=rule).first() or RuleVersion.objects.create(code=rule, version=1)
    return Flag.objects.create(
        household=household,
        rule=rule,
        version=version,
        since=seoul_day(now) - timedelta(days=3),
        evidence=evidence,
        raised_by=sweep,
        raised_at=now - raised_ago,
        cleared_at=now if cleared else None,
        cleared_by=sweep if cleared else None,
    )
