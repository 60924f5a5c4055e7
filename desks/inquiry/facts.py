"""A fact in few words: what it is about, what it says, from whom we have it. What is hidden elsewhere is so here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.models import Agency, User
from casework.templatetags.format import fullday
from households.masks import mask_phone
from households.models import Assignment, CourseRecord, Membership, Person, Province, Residence, Whereabouts
from households.models.circumstance import Aspect, label_of
from households.models.contact import Channel
from households.models.screening import Instrument
from risk.models import Feed, SignalCode
from risk.records import Record


@dataclass
class Told:
    """A fact in words, as a line of a table."""

    about: str
    words: str
    source: str


class Names:
    """The names that facts refer to by id, each kind fetched once."""

    def __init__(self, records: Iterable[Record], people: dict[int, str], *, protected: bool) -> None:
        rows = list(records)
        self.protected = protected
        self.people = people | self._others(rows, people)
        self.codes = SignalCode.objects.in_bulk([r.data["code_id"] for r in rows if "code_id" in r.data])
        self.feeds = {feed.source: str(feed) for feed in Feed.objects.order_by("source")}
        self.users = User.objects.in_bulk([r.data["worker_id"] for r in rows if r.data.get("worker_id")])
        agencies = {r.data.get("center_id") for r in rows} | {r.agency_id for r in rows}
        self.agencies = Agency.objects.in_bulk([pk for pk in agencies if pk])

    def _others(self, rows: list[Record], people: dict[int, str]) -> dict[int, str]:
        ids = {int(r.data["person_id"]) for r in rows if r.data.get("person_id")} - people.keys()
        return {p.pk: p.case_number for p in Person.objects.filter(pk__in=ids).only("case_number")} if ids else {}

    def agency(self, pk: int | None) -> str:
        return str(self.agencies.get(pk or 0, ""))


def told(record: Record, names: Names) -> Told:
    """Return a fact in words; a kind of fact without words of its own goes by its name alone."""
    data, kind = record.data, str(record.model._meta.model_name)
    words = WORDS.get(kind)
    about, said = words(data, names) if words else (str(record.model._meta.verbose_name), "")
    who = names.people.get(data.get("person_id") or 0, "")
    return Told(dot(about, who), said, source_of(record, names))


def source_of(record: Record, names: Names) -> str:
    """Return from whom a fact came: the source it names, the file, and who recorded it where."""
    by = f"{record.by} ({names.agency(record.agency_id)})" if record.agency_id else record.by
    source = record.data.get("source") or ""
    return dot(names.feeds.get(source, source), record.file, by)


def dot(*parts: Any) -> str:
    """Return the parts that say something, with a dot between."""
    return " · ".join(str(part) for part in parts if part)


def days_of(text: str | None) -> str:
    """Return a range of days as PostgreSQL writes it, "[2026-01-01,2026-03-01)", with the last day included."""
    if not text or text == "empty":
        return ""
    lower, upper = text.strip("[]()").split(",")
    first = fullday(date.fromisoformat(lower)) if lower else ""
    last = fullday(date.fromordinal(date.fromisoformat(upper).toordinal() - 1)) if upper else ""
    return f"{first} ~ {last}".strip() if first or last else ""


def _signal(data: dict[str, Any], names: Names) -> tuple[str, str]:
    code = names.codes.get(data["code_id"])
    months = _("%(n)s months") % {"n": data["months"]} if data["months"] else ""
    amount = _("%(n)s won") % {"n": f"{data['amount_krw']:,}"} if data["amount_krw"] else ""
    ended = _("ended %(day)s") % {"day": fullday(date.fromisoformat(data["ended_on"]))} if data["ended_on"] else ""
    return _("Signal"), dot(code or data["code_id"], months, amount, ended)


def _contact(data: dict[str, Any], names: Names) -> tuple[str, str]:
    made = pgettext("contact", "spoke or met") if data["contact_made"] else pgettext("contact", "reached nobody")
    worker = names.users.get(data["worker_id"] or 0, "")
    return _("Contact"), dot(Channel(data["channel"]).label, made, worker)


def _member(data: dict[str, Any], names: Names) -> tuple[str, str]:
    return _("Member of the household"), dot(Membership.Role(data["role"]).label, days_of(data["during"]))


def _dwelling(data: dict[str, Any], names: Names) -> tuple[str, str]:
    place = _("address protected") if names.protected else data["town"]
    return _("Home"), dot(place, days_of(data["during"]))


def _centre(data: dict[str, Any], names: Names) -> tuple[str, str]:
    return _("Centre that answers for it"), dot(names.agency(data["center_id"]), days_of(data["during"]))


def _worker(data: dict[str, Any], names: Names) -> tuple[str, str]:
    return str(Assignment.Kind(data["kind"]).label), dot(
        names.users.get(data["worker_id"], ""), days_of(data["during"])
    )


def _name(data: dict[str, Any], names: Names) -> tuple[str, str]:
    name = "•••" if names.protected else f"{data['family']}{data['given']}"
    return pgettext("of a person", "Name"), dot(name, days_of(data["during"]))


def _phone(data: dict[str, Any], names: Names) -> tuple[str, str]:
    return _("Telephone"), dot(mask_phone(data["number"]), days_of(data["during"]))


def _circumstance(data: dict[str, Any], names: Names) -> tuple[str, str]:
    said = label_of(data["kind"], data["value"], data["detail"])
    return str(Aspect(data["kind"]).label), dot(said, days_of(data["during"]))


def _screening(data: dict[str, Any], names: Names) -> tuple[str, str]:
    item9 = _("item 9: 1 point or more") if data["item9"] else ""
    return str(Instrument(data["instrument"]).label), dot(_("%(n)s points") % {"n": data["score"]}, item9)


def _whereabouts(data: dict[str, Any], names: Names) -> tuple[str, str]:
    where = Whereabouts.Where(data["where"]).label
    return _("Whereabouts"), str(where) if names.protected else dot(where, data["place"], data["words"])


WORDS: dict[str, Callable[[dict[str, Any], Names], tuple[str, str]]] = {
    "signal": _signal,
    "contact": _contact,
    "membership": _member,
    "dwelling": _dwelling,
    "responsibility": _centre,
    "assignment": _worker,
    "personname": _name,
    "phone": _phone,
    "circumstance": _circumstance,
    "screening": _screening,
    "particulars": lambda data, names: (_("Birth, sex, arrival"), ""),
    "hometown": lambda data, names: (
        _("Home province in the North"),
        "•••" if names.protected else str(Province(data["province"]).label),
    ),
    "residence": lambda data, names: (
        _("Status in the register"),
        dot(Residence.Status(data["status"]).label, days_of(data["during"])),
    ),
    "protectionperiod": lambda data, names: (_("Residence protection"), days_of(data["during"])),
    "protectiondecision": lambda data, names: (_("Decision on protection"), days_of(data["during"])),
    "contactpreference": lambda data, names: (
        _("Wish about contact"),
        _("does not want contact") if data["wants_no_contact"] else "",
    ),
    "courserecord": lambda data, names: (
        _("Education"),
        dot(data["title"] or CourseRecord.Kind(data["kind"]).label, CourseRecord.Result(data["result"]).label),
    ),
    "conflictofinterest": lambda data, names: (_("Conflict of interest of a worker"), days_of(data["during"])),
    "consent": lambda data, names: (_("Consent"), dot(data["purpose"], days_of(data["during"]))),
    "whereabouts": _whereabouts,
    "searchstep": lambda data, names: (
        _("Asked somebody else"),
        data["whom"] if names.protected else dot(data["whom"], data["answer"]),
    ),
    "personalprotection": lambda data, names: (_("Personal protection by the police"), ""),
    "stated": lambda data, names: (_("As an old system stated it"), ""),
    "incident": lambda data, names: (_("Crisis on record"), ""),
}
