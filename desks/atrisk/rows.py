"""One row of the at-risk list in the words that people read. Everything here is safe beside a name (LOOK, principle 9).

A row is made in Python and printed by one plain template: fifty rows of components would cost more than the database.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.templatetags.format import cases, dayslate, hourmin, nthday, rowday, rowdayw
from desks.named import by_number
from desks.steps import DAY, step_of
from risk.bands import Band
from risk.models import Review
from risk.sentences import sentence

PLACE = "000-000-0"
"""Stands for a household's number in an address that is made once for all rows."""


@dataclass(frozen=True)
class Said:
    """Words and their state: "late", "soon" or ""."""

    text: str
    state: str = ""


@dataclass(frozen=True)
class Gap:
    """Days since the last two-way contact and the limit; `daily`: until met; `missing`: no contact on record."""

    days: int | None
    limit: int
    daily: bool
    missing: bool


class Links(NamedTuple):
    """The addresses that a row offers, "" where the user may not go there."""

    open: str = ""
    visit: str = ""
    refer: str = ""
    review: str = ""

    def to(self, number: str, *, kept: bool) -> "Links":
        """Return the addresses of one household; what changes a file belongs to the centre that keeps it."""
        return Links(*(link.replace(PLACE, number) for link in (self if kept else self[:1])))


@dataclass(frozen=True)
class Row:
    """What one line of the list shows."""

    number: str
    links: Links
    name: str
    people: int
    town: str
    protected: bool
    restricted: bool
    band: int
    review: Said
    why: str
    more: int
    since: date | None
    day: int | None
    gap: Gap
    worker: str
    referrals: int
    referral: Said
    step: str
    due: Said

    @property
    def people_text(self) -> str:
        return ngettext("%(n)s person here", "%(n)s people here", self.people) % {"n": self.people}

    @property
    def more_text(self) -> str:
        return _("+%(n)s more") % {"n": self.more}

    @property
    def since_text(self) -> str:
        return rowday(self.since)

    @property
    def day_text(self) -> str:
        return nthday(self.day) if self.day else _("since today")

    @property
    def referrals_text(self) -> str:
        return cases(self.referrals)


def row_of(found: dict[str, Any], now: datetime, links: Links = Links()) -> Row:  # noqa: B008  (immutable)
    """Return the Row of one line that `ranking.page_of` found; `links` hold PLACE where the household's number goes."""
    on = seoul_day(now)
    step, due = reopening() if found.get("closed") else next_step(found, now)
    return Row(
        number=found["number"],
        links=links.to(found["number"], kept=found["kept"]),
        name=_name(found),
        people=found["people"],
        town="" if found["restricted"] else found["town"] or "",
        protected=found["address_protected"],
        restricted=found["restricted"],
        band=found["shown_band"],
        review=reviewed(found, on),
        why=reason_of(found, on),
        more=max(0, found["reasons"] - 1),
        since=found["since"],
        day=(on - found["since"]).days if found["since"] else None,
        gap=gap_of(found, on),
        worker=found["worker_name"] or "",
        referrals=found["referrals"] or 0,
        referral=referral_of(found),
        step=step,
        due=due,
    )


def _name(found: dict[str, Any]) -> str:
    """By number where the address is protected, and with the words for it where the use of data was stopped."""
    if found["restricted"]:
        return by_number(found["number"])
    if found["address_protected"]:
        return str(found["number"])
    return called(found["head_name"], found["people"], found["number"])


def called(head: str | None, people: int, number: str) -> str:
    """Return how a household is called in a list: its head and how many others, else its number."""
    if not head:
        return number
    if people < 2:
        return head
    return ngettext("%(head)s and %(n)s other", "%(head)s and %(n)s others", people - 1) % {
        "head": head,
        "n": people - 1,
    }


def reason_of(found: dict[str, Any], on: date) -> str:
    """Return the list-safe sentence of the strongest reason, or "" where no rule speaks."""
    if not found["reason_rule"]:
        return ""
    evidence = found["reason_evidence"]
    told = evidence if isinstance(evidence, str) else json.dumps(evidence)
    return _said(found["reason_rule"], told, found["reason_since"], on, get_language() or "ko")


@lru_cache(maxsize=4096)
def _said(rule: str, evidence: str, since: date, on: date, language: str) -> str:
    """Put evidence (JSON) into words; kept, for the same evidence on the same day says the same."""
    return sentence(rule, json.loads(evidence), since, on, kind="list", language=language)


def reviewed(found: dict[str, Any], on: date) -> Said:
    """Return what people decided: a review still owed, else the latest one."""
    if found["awaiting"]:
        if found["review_due_on"] < on:
            return Said(_("Review overdue"), "late")
        return Said(_("Not yet reviewed"), "owed")
    if not found["decision"]:
        return Said("")
    if found["waits"] and _lowers(found["decision"], found["review_band"], found["review_from"]):
        return Said(_("Second person to agree"), "owed")
    return Said(
        f"{decision_word(found['decision'], found['review_band'], found['review_from'])} {rowday(found['decided_on'])}"
    )


def _lowers(decision: str, band: int | None, machine: int) -> bool:
    """Whether a decision takes something away from High or Emergency and so waits for a second person."""
    return machine >= Band.HIGH and (decision == Review.Decision.DISMISS or (band or machine) < machine)


def decision_word(decision: str, band: int | None, machine: int) -> str:
    """Return the word under a badge: confirmed, raised, lowered, or one reason set aside."""
    if decision == Review.Decision.DISMISS:
        return _("reason set aside")
    if decision == Review.Decision.ADJUST and band and band != machine:
        return pgettext("review", "raised") if band > machine else pgettext("review", "lowered")
    return pgettext("review", "confirmed")


def gap_of(found: dict[str, Any], on: date) -> Gap:
    """Return the contact gap; a limit of 0 days means daily until met (Emergency before the meeting)."""
    spoken = found["contact_on"]
    return Gap((on - spoken).days if spoken else None, found["limit_days"], not found["limit_days"], spoken is None)


def referral_of(found: dict[str, Any]) -> Said:
    """Return where the open referrals stand: a passed deadline first, then whose turn it is."""
    if not found["referrals"]:
        return Said("")
    if found["referrals_late"]:
        return Said(_("deadline passed"), "late")
    return Said(_("our turn") if found["referrals_ours"] else _("their turn"))


def next_step(found: dict[str, Any], now: datetime) -> tuple[str, Said]:
    """Return what comes next and by when, in the words of a row; `found` as for `steps.step_of`."""
    step, on = step_of(found, now), seoul_day(now)
    if step.day is None:
        return step.label, Said("")
    if step.day < on:
        return step.label, Said(dayslate((on - step.day).days), "late")
    day = {on: _("today"), on + DAY: _("tomorrow")}.get(step.day) or rowdayw(step.day)
    hour = f" {hourmin(step.moment)}" if step.moment and step.day <= on + DAY else ""
    # An hour of today that has gone by without a record: "today 09:00" alone would read as still to come.
    gone = step.moment is not None and step.moment < now
    return step.label, Said(_("%(when)s passed") % {"when": day + hour} if gone else day + hour, step.state(now))


def reopening() -> tuple[str, Said]:
    """Return what comes next for a closed case of which something new was heard, in the words of a row."""
    return _("New signal since closing: reopen?"), Said(_("today"), "late")


def duty_of(band: int) -> str:
    """Return what a band owes, as its group head says it (risk.md, 1)."""
    return {
        Band.EMERGENCY: _(
            "Meet in person within 24 hours; try daily until met, then every 3 days. "
            "The worker decides whether the local government is told."
        ),
        Band.HIGH: _("Visit within 3 working days, within 1 where a minor lives; then every 14 days."),
        Band.MODERATE: _("Contact within 7 days, then every 35 days."),
        Band.WATCH: _("Contact every 100 days."),
        Band.GENERAL: _("Check every 200 days."),
    }[Band(band)]


def short_duty_of(band: int) -> str:
    """Return the same in a few words, for the tally."""
    return {
        Band.EMERGENCY: _("meet within 24 h"),
        Band.HIGH: _("visit within 3 days"),
        Band.MODERATE: _("contact within 7 days"),
        Band.WATCH: _("contact every 100 days"),
        Band.GENERAL: _("check every 200 days"),
    }[Band(band)]
