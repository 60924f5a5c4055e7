"""What stands about a household on the material of a conference: masked, in blocks, one question for all households.

No name, no telephone number, no date of birth, nothing of an address beyond the district; of a protected one nothing.
On screen, before those who may see the household, its reasons are full sentences; on paper and before a projector they
are those that are safe in a list. A further block is a function in MORE.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.clock import age_on, seoul_day
from casework.templatetags.format import band_name, fullday
from desks.conferences.asked import LAST_CONTACTS, Told, told_of
from desks.conferences.planned import planned_words
from households.conferences import following
from households.models import ConferenceDecision, Membership, Particulars
from households.models.contact import Channel
from referrals.conferences import unsent
from referrals.models import Referral
from risk.rules import is_known
from risk.sentences import in_both

MOST_REASONS = 8
FROZEN = 4
"""So many blocks at the top are read as of the hour of the conference once it has begun; the others are lists of what
is to be done, which everybody in the room needs as of now."""


@dataclass(frozen=True)
class Line:
    """One line of a block; `state` is "late", "soon", "done" or ""."""

    words: str
    state: str = ""


@dataclass(frozen=True)
class Block:
    """One block of the page: its title, its lines, and the sentence where there are none."""

    title: str
    lines: list[Line]
    empty: str = ""


@dataclass
class Material:
    """The masked page of one household. `subjects`: the people whose data it is, for the access log; `kept`: what the
    record keeps of it when it is closed, without sentences in one language."""

    household: int
    number: str
    band: int
    protected: bool
    subjects: list[int]
    kept: dict[str, Any]
    blocks: list[Block] = field(default_factory=list)


More = Callable[[User, Sequence[int], date], dict[int, Block]]


def materials_of(user: User, households: Sequence[int], *, now: datetime, full: bool = False) -> dict[int, Material]:
    """Return {household id: Material}. `households`: ids that were found through the user; `full`: the reasons in full.
    As many queries for twenty households as for one: one, and one of each function in MORE."""
    on = seoul_day(now)
    told = told_of(households, on=on)
    more = [function(user, households, on) for function in MORE] if told else []
    return {key: page_of(one, [found[key] for found in more if key in found], on, full) for key, one in told.items()}


def page_of(told: Told, more: list[Block], on: date, full: bool) -> Material:
    """Return the page of one household: the FROZEN blocks of what was told of it on a day, and `more`."""
    kept = kept_of(told, on)
    reasons = [_full(flag, on) for flag in told.flags] if full else reasons_of(kept)
    blocks = [
        Block(_("Who lives there"), [Line(words) for words in people_lines(kept)], _("Nobody lives there any more.")),
        Block(
            _("How it stands (our own criterion)"),
            [Line(standing_line(kept)), *(Line(words) for words in dict.fromkeys(filter(None, reasons)))],
        ),
        Block(_("Last contacts"), [_contact(one) for one in told.contacts], _("No contact on record.")),
        Block(_("Protection"), _protection(told, on), _("No protection period is on record.")),
    ]
    return Material(told.household, told.number, kept["band"], told.protected, told.subjects, kept, [*blocks, *more])


def kept_of(told: Told, on: date) -> dict[str, Any]:
    """Return the facts of the page that need no language: who lives there, where, the band, the listed reasons."""
    reasons = [
        in_both(flag["rule"], flag["evidence"], flag["since"], on, kind="list")
        for flag in told.flags
        if is_known(flag["rule"])
    ]
    return {
        "people": [
            {
                "role": one["role"],
                "sex": one["sex"] or "U",
                "age": age_on(one["born"], on) if one["born"] and one["born"] <= on else None,
                "dead": one["status"] == "deceased",
            }
            for one in told.members
        ],
        "district": "" if told.protected else told.district,
        "protected": told.protected,
        "band": told.band,
        "since": told.since.isoformat() if told.since else "",
        "reasons": [one for n, one in enumerate(reasons) if one not in reasons[:n]][:MOST_REASONS],
    }


def people_lines(kept: dict[str, Any]) -> list[str]:
    """Return a line for each person: how they stand in the household, sex and age in full years."""
    lines = []
    for one in kept["people"]:
        age = _("aged %(n)s") % {"n": one["age"]} if one["age"] is not None else _("age not known")
        words = [str(Membership.Role(one["role"]).label), str(Particulars.Sex(one["sex"]).label), age]
        lines.append(" · ".join([*words, _("deceased")] if one["dead"] else words))
    return lines


def standing_line(kept: dict[str, Any]) -> str:
    """Return the band, since when, and the district where it may be told."""
    where = _("address protected") if kept["protected"] else kept["district"]
    since = _("since %(day)s") % {"day": fullday(date.fromisoformat(kept["since"]))} if kept["since"] else ""
    return " · ".join(filter(None, [band_name(kept["band"]), since, where]))


def reasons_of(kept: dict[str, Any]) -> list[str]:
    """Return the listed reasons in the language in force."""
    return [_said(one) for one in kept["reasons"]]


def _said(both: dict[str, str]) -> str:
    return both.get(get_language() or "ko") or both["ko"]


def _full(flag: dict[str, Any], on: date) -> str:
    """What a screening gave stays with those whom the screening is for: here it is the sentence of the lists."""
    if not is_known(flag["rule"]):
        return ""
    screened = any(fact["kind"] == "screening" for fact in flag["evidence"].get("facts", []))
    both = in_both(flag["rule"], flag["evidence"], flag["since"], on, kind="list" if screened else "full")
    return _said(both)


def _contact(one: dict[str, Any]) -> Line:
    met = _("spoken with") if one["made"] else _("not reached")
    return Line(" · ".join([fullday(one["on"]), str(Channel(one["channel"]).label), met]))


def _protection(told: Told, on: date) -> list[Line]:
    if told.ends_on is None:
        return []
    words = _("Earliest last day among those who live there: %(day)s") % {"day": fullday(told.ends_on)}
    if told.ends_on < on:
        return [Line(f"{words} · {_('ended')}")]
    left = (told.ends_on - on).days
    said = ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return [Line(f"{words} · {said}", "soon" if left <= 30 else "")]


def referrals_block(user: User, households: Sequence[int], on: date) -> dict[int, Block]:
    """Return the open referrals that the user may read: the need and where each stands, no word of it."""
    rows = Referral.objects.read_by(user).open().filter(household__in=list(households)).order_by("sent_at", "id")
    found: dict[int, list[Line]] = {key: [] for key in households}
    for row in rows:
        sent = _("sent on %(day)s") % {"day": fullday(seoul_day(row.sent_at))} if row.sent_at else ""
        words = [row.get_need_display(), row.get_status_display(), sent]
        found[row.household_id].append(Line(" · ".join(filter(None, words))))
    return {key: Block(_("Open referrals"), lines, _("No referral is open.")) for key, lines in found.items()}


def earlier_block(user: User, households: Sequence[int], on: date) -> dict[int, Block]:
    """Return what earlier conferences that the user sees decided and is still to be done."""
    rows = unsent(ConferenceDecision.objects.visible_to(user).standing()).filter(done_on=None)
    rows = rows.filter(item__household__in=list(households))
    rows = rows.filter(kind__in=ConferenceDecision.ASKS, item__withdrawn_at=None).select_related("item")
    decisions = list(rows.order_by("due_on", "id"))
    over = following.ended(decisions)
    found: dict[int, list[Line]] = {key: [] for key in households}
    for one in decisions:
        if one.led_to in over or one.due_on is None:
            continue
        until = _("until %(day)s") % {"day": fullday(one.due_on)}
        state = "late" if one.due_on < on else ""
        found[one.item.household_id].append(Line(" · ".join([one.what, str(one.get_kind_display()), until]), state))
    title, empty = _("Decided earlier and not done yet"), _("Nothing is open from earlier conferences.")
    return {key: Block(title, lines, empty) for key, lines in found.items()}


def planned_block(user: User, households: Sequence[int], on: date) -> dict[int, Block]:
    """Return the latest assessment and the plan that runs."""
    title, empty = _("Assessment and plan"), _("No assessment and no plan yet.")
    return {key: Block(title, [Line(one) for one in lines], empty) for key, lines in planned_words(households).items()}


MORE: tuple[More, ...] = (referrals_block, earlier_block, planned_block)

__all__ = ["FROZEN", "LAST_CONTACTS", "MORE", "Block", "Line", "Material", "materials_of", "page_of"]
