"""One row of the at-risk list in the words that people read. Everything here is safe beside a name (LOOK, principle 9).

A row is made in Python and printed by one plain template: fifty rows of components would cost more than the database.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.templatetags.format import cases, dayslate, hourmin, nthday, rowday, rowdayw
from households.models.contact import Channel
from risk.bands import Band
from risk.models import Review
from risk.sentences import sentence

DAY = timedelta(days=1)
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


@dataclass(frozen=True)
class Row:
    """What one line of the list shows; `links` holds the addresses by name, those the user may follow."""

    number: str
    links: dict[str, str]
    name: str
    people: int
    town: str
    protected: bool
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


def row_of(found: dict[str, Any], now: datetime, links: dict[str, str] | None = None) -> Row:
    """Return the Row of one line that `ranking.page_of` found; `links` hold PLACE where the household's number goes."""
    on = seoul_day(now)
    protected = found["address_protected"]
    step, due = next_step(found, now)
    return Row(
        number=found["number"],
        links={name: link.replace(PLACE, found["number"]) for name, link in (links or {}).items()},
        name=found["number"] if protected else called(found["head_name"], found["people"], found["number"]),
        people=found["people"],
        town=found["town"] or "",
        protected=protected,
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
    evidence = json.loads(evidence) if isinstance(evidence, str) else evidence
    return sentence(
        found["reason_rule"], evidence, found["reason_since"], on, kind="list", language=get_language() or "ko"
    )


def reviewed(found: dict[str, Any], on: date) -> Said:
    """Return what people decided: a review still owed, else the latest one."""
    if found["awaiting"]:
        if found["review_due_on"] < on:
            return Said(_("Review overdue"), "late")
        return Said(_("Not yet reviewed"), "owed")
    if not found["decision"]:
        return Said("")
    if (
        found["waits"]
        and found["review_from"] == Band.EMERGENCY
        and (found["review_band"] or Band.EMERGENCY) < Band.EMERGENCY
    ):
        return Said(_("Second person to agree"), "owed")
    return Said(
        f"{decision_word(found['decision'], found['review_band'], found['review_from'])} {rowday(found['decided_on'])}"
    )


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
    """Return what comes next and by when: a worker first, then the earlier of what was planned and what is owed."""
    on = seoul_day(now)
    if found["worker_id"] is None:
        return _("Assign a worker"), Said(_("today"), "soon")
    planned, owed = found["next_at"], found["contact_due_on"]
    if planned and (owed is None or seoul_day(planned) <= owed):
        channel = found["next_channel"] or Channel.PHONE
        return str(Channel(channel).label), _by(seoul_day(planned), on, hourmin(planned))
    if owed is None and found["limit_days"]:
        return _("No date set"), Said("")
    return contact_word(found["shown_band"]), _by(owed or on, on)


def contact_word(band: int) -> str:
    """Return the contact that a band owes."""
    words = {Band.EMERGENCY: _("Meet in person"), Band.HIGH: pgettext("owed contact", "Visit")}
    return words.get(Band(band), _("Get in touch"))


def _by(day: date, on: date, hour: str = "") -> Said:
    if day < on:
        return Said(dayslate((on - day).days), "late")
    if day == on:
        return Said(_("today") + (f" {hour}" if hour else ""), "soon")
    if day == on + DAY:
        return Said(_("tomorrow") + (f" {hour}" if hour else ""), "soon")
    return Said(rowdayw(day))


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
