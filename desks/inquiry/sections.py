"""The inquiry in words: sections of tables, the same on the page and on paper."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from casework.agencies.models import Agency
from casework.audit.models import Act
from casework.clock import seoul_day
from casework.templatetags.format import band_name, fullday, fulltime
from desks.asof import end_of
from desks.household.file import day_of, moment_of
from desks.inquiry.decisions import FAR_BACK
from desks.inquiry.facts import Names, dot, told
from desks.inquiry.found import Found, overdue
from households.models.contact import Channel
from households.views.reveal import REASONS
from risk.models import Sweep
from risk.records import Record
from risk.rules import is_known, name_of
from risk.sentences import sentence

Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A table with its title, the sentence before it, and the sentence that stands where it has no row."""

    key: str
    title: str
    note: str
    head: Row
    rows: list[Row]
    empty: str


def sections_of(found: Found) -> list[Section]:
    """Return the inquiry, from what was shown to what came too late."""
    people = {member.id: _called(found, member) for member in found.file.members}
    names = Names([*found.known, *found.later, *found.late], people, protected=found.file.protected)
    return [
        _shown(found),
        _known(found, names),
        _looks(found),
        _tried(found, names),
        _promised(found),
        _ran_out(found),
        _later(found, names),
        _late(found, names),
    ]


def checksum(found: Found, sections: Iterable[Section]) -> str:
    """Return the SHA-256 of what is printed: the household, the day and every cell, as JSON."""
    cells = [[s.title, s.note, list(s.head), [list(row) for row in s.rows] or s.empty] for s in sections]
    content = [found.household.number, found.on.isoformat(), cells]
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _called(found: Found, member: Any) -> str:
    kind = "latin" if get_language() == "en" else "hangul"
    return member.case_number if found.file.protected else member.name(kind)


def _shown(found: Found) -> Section:
    shown = found.shown
    bands = _("Computed from what was known then: %(then)s. From what is known today: %(now)s.") % {
        "then": band_name(found.band_then),
        "now": band_name(found.band_now),
    }
    if shown is None:
        nothing = _("Nothing had been evaluated by then, so nothing was shown.")
        empty = _("No judgement is kept.")
        return Section("shown", _("What was shown"), f"{nothing} {bands}", _head_shown(), [], empty)
    words = _("%(band)s, %(score)s points; evaluated at %(at)s (%(kind)s), from what was known by %(known)s.")
    said = words % {
        "band": band_name(shown["band"]),
        "score": shown["score"],
        "at": fulltime(shown["began_at"]),
        "kind": Sweep.Kind(shown["kind"]).label,
        "known": fulltime(shown["known_by"]),
    }
    rows = [_hit(hit, found) for hit in shown["hits"]]
    return Section("shown", _("What was shown"), f"{said} {bands}", _head_shown(), rows, _("No criterion applied."))


def _head_shown() -> Row:
    return _("Criterion"), _("Version"), _("Since"), _("Points"), _("What it said")


def _hit(hit: dict[str, Any], found: Found) -> Row:
    since, rule, evidence = day_of(hit["since"]), hit["rule"], hit["evidence"]
    name = name_of(rule, evidence)
    on = seoul_day(found.shown["began_at"]) if found.shown else found.on
    said = sentence(rule, evidence, since, on, language=get_language() or "ko") if is_known(rule) else ""
    return dot(name, rule if name != rule else ""), str(hit["version"]), fullday(since), str(hit["points"]), said


def _head_facts() -> Row:
    return _("When it was so"), _("What"), _("Known since"), _("Recorded at"), _("From whom")


def _fact(record: Record, names: Names) -> Row:
    said = told(record, names)
    day = fullday(record.day) if record.day else _("always")
    return day, dot(said.about, said.words), fulltime(record.known_at), fulltime(record.recorded_at), said.source


def _newest_first(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda r: (r.day is not None, r.day or r.known_at.date(), r.known_at), reverse=True)


def _known(found: Found, names: Names) -> Section:
    rows = [_fact(record, names) for record in _newest_first(found.known)]
    note = _(
        "What was held to be true at the end of the day. A file that states an earlier day of knowledge shows both."
    )
    return Section("known", _("What was known"), note, _head_facts(), rows, _("Nothing was known."))


def _later(found: Found, names: Names) -> Section:
    rows = [_fact(record, names) for record in _newest_first(found.later)]
    note = _("Facts about the day or before it, learned only after it. None of them could be read then.")
    return Section("later", _("What arrived later"), note, _head_facts(), rows, _("Nothing arrived later."))


def _late(found: Found, names: Names) -> Section:
    rows = [_fact(record, names) for record in _newest_first(found.late)]
    note = _("Facts that were being written when the evaluation above read, and that it could not see yet.")
    return Section("late", _("What was committed late"), note, _head_facts(), rows, _("Nothing was committed late."))


def _looks(found: Found) -> Section:
    agencies = Agency.objects.in_bulk({look.agency_id for look in found.looks if look.agency_id})
    rows: list[Row] = [
        (
            dot(look.who or pgettext("look", "The system"), agencies.get(look.agency_id or 0, "")),
            str(Act(look.act).label),
            str(look.times),
            fulltime(look.first),
            fulltime(look.last),
            str(REASONS.get(look.reason, look.reason)),
        )
        for look in found.looks
    ]
    head = (_("Who"), _("How"), _("Times"), _("First time"), _("Last time"), _("Reason given"))
    note = _("From the access log, up to the end of the day.")
    return Section("looks", _("Who looked"), note, head, rows, _("Nobody had looked."))


def _tried(found: Found, names: Names) -> Section:
    tried = [_contact(record, names) for record in found.contacts if _recent(record, found)]
    decided = [
        (made.at, (fulltime(made.at), made.what, made.said, made.by, fulltime(made.at))) for made in found.decisions
    ]
    rows = [row for _at, row in sorted([*tried, *decided], key=lambda pair: pair[0], reverse=True)]
    head = (_("When"), _("How"), _("What came of it"), _("Who"), _("Known since"))
    note = _("Contacts and attempts of the year before, and what people decided. Notes are read in the record itself.")
    return Section("tried", _("What was tried and decided"), note, head, rows, _("Nothing was tried or decided."))


def _recent(record: Record, found: Found) -> bool:
    return record.day is not None and found.on - record.day <= FAR_BACK


def _contact(record: Record, names: Names) -> tuple[datetime, Row]:
    data, at = record.data, moment_of(record.data["occurred_at"])
    made = pgettext("contact", "spoke or met") if data["contact_made"] else pgettext("contact", "reached nobody")
    worker = names.users.get(data["worker_id"] or 0) or record.by
    return at, (fulltime(at), str(Channel(data["channel"]).label), str(made), str(worker), fulltime(record.known_at))


def _promised(found: Found) -> Section:
    rows: list[Row] = []
    then = min(end_of(found.on), found.now)
    moments = sorted(moment_of(record.data["occurred_at"]) for record in found.contacts)
    for record in reversed(found.contacts):
        planned = moment_of(record.data["next_at"])
        if not planned or not _recent(record, found):
            continue
        after = next((at for at in moments if seoul_day(at) >= seoul_day(planned)), None)
        kept = _("next contact on %(day)s") % {"day": fullday(after)} if after else _("no contact on record since")
        what = Channel(record.data["next_channel"] or Channel.PHONE).label
        rows.append(
            (
                fulltime(planned),
                dot(_("Contact planned"), what),
                record.by,
                _("still to come") if planned > then else kept,
            )
        )
    rows += [_asked(row["referral"], row["due"]) for row in found.referrals if row["referral"].sent_at]
    head = (_("For when"), _("What was promised"), _("By whom"), _("What came of it"))
    note = _("Next dates that contacts set, and requests to other agencies with where they stood.")
    return Section("promised", _("What was promised"), note, head, rows, _("Nothing was promised."))


def _asked(referral: Any, due: Any) -> Row:
    what = dot(referral.number, referral.title, f"→ {referral.to_agency}")
    return (
        fulltime(due.at) if due else "",
        what,
        str(referral.sender),
        dot(referral.get_status_display(), due and due.text),
    )


def _ran_out(found: Found) -> Section:
    standing = found.file.standing
    rows: list[Row] = []
    if standing and standing["contact_due_on"] and standing["contact_due_on"] < found.on:
        limit = _("every day until met")
        if standing["limit_days"]:
            limit = ngettext("limit: %(n)s day", "limit: %(n)s days", standing["limit_days"]) % {
                "n": standing["limit_days"]
            }
        rows.append((_("Contact with the person"), fullday(standing["contact_due_on"]), limit, _main(found)))
    if found.review_late and standing:
        rows.append(
            (_("Review of the band"), fullday(standing["review_due_on"]), band_name(standing["band"]), _("supervisor"))
        )
    for referral, due in overdue(found):
        whose = referral.to_agency if referral.turn == "receiver" else referral.from_agency
        rows.append((dot(_("Referral"), referral.number, due.label), fulltime(due.at), due.text, str(whose)))
    head = (_("Clock"), _("Ran out on"), _("How long it was"), _("Whose it was"))
    note = _("Clocks that had run out by the end of the day, counted from what was known then.")
    return Section("clocks", _("Which clocks ran out"), note, head, rows, _("No clock had run out."))


def _main(found: Found) -> str:
    return found.file.main["name"] if found.file.main else _("nobody responsible")
