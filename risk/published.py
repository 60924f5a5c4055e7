"""The criteria as they are published: made from the rules in force on a day, for the people they concern."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.bands import Band
from risk.changes.proposals import BANDS
from risk.criteria import CODE
from risk.judge import in_force
from risk.models import RuleVersion

GROUPS = {
    "harm": gettext_lazy("Danger to life and limb"),
    "mind": gettext_lazy("Mental health"),
    "cut-off": gettext_lazy("Power, water and gas"),
    "arrears": gettext_lazy("Unpaid bills"),
    "benefit": gettext_lazy("Benefits"),
    "work": gettext_lazy("Work"),
    "health": gettext_lazy("Illness and care"),
    "isolation": gettext_lazy("Being alone"),
    "family": gettext_lazy("Family and events of life"),
    "contact": gettext_lazy("Contact with the centre"),
    "protection": gettext_lazy("The protection period"),
    "referral": gettext_lazy("Requests for help"),
    "overlap": gettext_lazy("Several signals at once"),
    "pattern": gettext_lazy("Signal patterns"),
}
TAGS = {"statute": "law", "published": "pub", "own": "own"}


@dataclass
class Shown:
    """One criterion on the page: its rule, version, condition in words, and what it rests on as (kind, words)."""

    rule: Any
    version: int
    condition: str
    bases: list[tuple[str, str]]


def criteria_on(on: date) -> dict[str, Any]:
    """Return what the page of the criteria shows of a day: groups of criteria, the bands' numbers, both in words."""
    criteria, rules = in_force(on)
    known = [*GROUPS, *(standing.rule.group for standing in rules)]
    groups = [
        {"title": GROUPS.get(group, group), "rows": [_shown(r) for r in rules if r.rule.group == group]}
        for group in dict.fromkeys(known)
    ]
    return {
        "groups": [group for group in groups if group["rows"]],
        "count": len(rules),
        "criteria": criteria,
        "bands": bands_of(criteria),
        "numbers": [(label, getattr(criteria, name)) for name, (label, __, __) in BANDS.items()],
        "bands_code": CODE,
    }


def _shown(standing: Any) -> Shown:
    rule = standing.rule
    condition = str(rule.condition)
    told = condition if rule.group == "pattern" else condition.format(**rule.params)
    return Shown(rule, standing.version, told, bases_of(rule))


def bases_of(rule: Any) -> list[tuple[str, str]]:
    """Return what a rule rests on as (kind of tag, words), by the numbers it has."""
    return [
        (TAGS[basis.kind] if basis.kind != "own" and basis.holds(rule.params) else "own", basis.text(rule.params))
        for basis in rule.basis
    ]


def bands_of(criteria: Any) -> list[dict[str, Any]]:
    """Return the five bands with how each is reached and what the centre then owes."""
    reached = {
        Band.EMERGENCY: _("Only when a danger to life, violence or a child in danger was told of. Never by points."),
        Band.HIGH: _("{n} points or more, or a criterion that holds here.").format(n=criteria.high_score),
        Band.MODERATE: _("{n} points or more, or a criterion that holds here.").format(n=criteria.moderate_score),
        Band.WATCH: _("{n} points or more, or a criterion that holds here.").format(n=criteria.watch_score),
        Band.GENERAL: _("Fewer points."),
    }
    owed = {
        Band.EMERGENCY: _("Somebody goes there within 24 hours and tries every day until the person was met."),
        Band.HIGH: _("Somebody visits within 3 working days, then is in touch every {n} days."),
        Band.MODERATE: _("Somebody is in touch within 7 days, then every {n} days."),
        Band.WATCH: _("Somebody is in touch every {n} days."),
        Band.GENERAL: _("Somebody is in touch every {n} days."),
    }
    return [
        {"band": band, "reached": reached[band], "owed": owed[band].format(n=criteria.limit(band))}
        for band in sorted(Band, reverse=True)
    ]


def coming(on: date) -> Iterable[RuleVersion]:
    """Return the versions that begin after a day, the next one first."""
    return RuleVersion.objects.filter(in_force__startswith__gt=on).order_by("in_force", "code")
