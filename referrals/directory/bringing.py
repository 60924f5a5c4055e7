"""A file of services in HSDS 3 on its way in: every good row is kept, every refused one is named with the reason."""

import json
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.dateparse import parse_datetime
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, District
from casework.audit.record import record
from casework.clock import seoul_day
from referrals.directory import hours
from referrals.directory.actions import saved
from referrals.directory.hsds import AREA, BYDAY, OFFSET, SPOKEN
from referrals.models import Channel, Service
from referrals.states import NEEDS

DAY_OF = {said: day for day, said in BYDAY.items()}


class FileRefused(Exception):
    """The file as a whole cannot be read; `str()` is the sentence."""


class RowRefused(Exception):
    """One service cannot be listed; `field` names where, `str()` is the sentence."""

    def __init__(self, name, sentence):
        super().__init__(sentence)
        self.field = name


@dataclass
class Brought:
    """What became of a file: the counts, and [{row, field, reason}] of what was refused."""

    rows: int = 0
    loaded: int = 0
    unchanged: int = 0
    superseded: int = 0
    refused: list = field(default_factory=list)


def read(text):
    """Return the services of a file: the `contents` of a page object, or a bare list. Raises `FileRefused`."""
    try:
        found = json.loads(text)
    except ValueError:
        raise FileRefused(_("The file is no JSON.")) from None
    rows = found.get("contents") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise FileRefused(_("The file holds no list of services: neither “contents” nor a list."))
    return rows


@transaction.atomic
def bring(rows, *, source, by, now):
    """List the services of `rows` (dicts of HSDS 3) as told by `source`; returns Brought.

    A service that is known by its identifier is changed where it differs; its first day and identifier stay its own.
    """
    brought = Brought(rows=len(rows))
    known = Known(seoul_day(now))
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                outcome = _put(known.words_of(row), source=source, by=by)
        except RowRefused as refused:
            brought.refused.append({"row": number, "field": refused.field, "reason": str(refused)})
        except ValidationError as refused:
            told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
            name = next(iter(told)).replace("__all__", "")
            brought.refused.append({"row": number, "field": name, "reason": " ".join(refused.messages)})
        else:
            setattr(brought, outcome, getattr(brought, outcome) + 1)
    brought.loaded += brought.superseded
    return brought


def _put(words, *, source, by):
    districts = words.pop("districts")
    row = Service.objects.select_for_update().filter(uid=words["uid"]).first()
    if row is not None:
        same = all(getattr(row, name) == value for name, value in words.items())
        if same and {place.pk for place in districts} == set(row.districts.values_list("pk", flat=True)):
            return "unchanged"
    outcome = "loaded" if row is None else "superseded"
    row = row or Service()
    for name, value in {**words, "source": source}.items():
        setattr(row, name, value)
    saved(row)
    row.districts.set(districts)
    record("service brought in", row, by=by, data={"source": source, "agency": row.agency_id})
    return outcome


class Known:
    """The agencies and districts that a file may name, and how one of its services is read; two queries."""

    def __init__(self, today):
        self.today = today
        agencies = list(Agency.objects.order_by("id"))
        self.agencies = {agency.name_en: agency for agency in agencies if agency.name_en}
        self.agencies |= {agency.name_ko: agency for agency in agencies}
        self.districts = {district.code: district for district in District.objects.order_by("id")}

    def words_of(self, row):
        """Return the fields of a Service, and `districts`. Raises `RowRefused` with the field and the sentence."""
        if not isinstance(row, dict):
            raise RowRefused("", _("This is no service."))
        said = _said(row)
        words = {
            "uid": _uid(row),
            "agency": self._agency(row),
            "need": _need(said),
            "name_ko": _text(row, "name") or _missing("name"),
            "name_en": _text(row, "alternate_name"),
            "who_ko": _text(row, "eligibility_description") or _missing("eligibility_description"),
            "guidance_ko": _text(row, "description"),
            "bring_ko": "\n".join(_text(one, "document") for one in _list(row, "required_documents")),
            **{f"{name}_en": said.get(f"{field}@en", "") for name, field in SPOKEN.items()},
            "url": iri_to_uri(_text(row, "url")),
            "phone": next((_text(one, "number") for one in _list(row, "phones")), ""),
            "address": _address(row),
            "hours": _hours(row),
            "unofficial": said.get("unofficial") == "yes",
            "during": self._during(row, said),
            "districts": [self._district(area) for area in _list(row, "service_areas")],
            **_capacity(row),
        }
        return words | {"channels": _channels(row, words)}

    def _agency(self, row):
        organization = row.get("organization")
        name = _text(organization, "name") if isinstance(organization, dict) else ""
        if name not in self.agencies:
            raise RowRefused("organization", _("No agency here has the name “%(name)s”.") % {"name": name})
        return self.agencies[name]

    def _district(self, area):
        code = _text(area, "uri").removeprefix(AREA)
        if code not in self.districts:
            raise RowRefused("service_areas", _("No district has the code “%(code)s”.") % {"code": code})
        return self.districts[code]

    def _during(self, row, said):
        if row.get("status") != "active" and "valid_from" not in said:
            raise RowRefused("status", _("It is not offered, and no days of validity are given."))
        first, until = said.get("valid_from"), said.get("valid_to")
        try:
            lower = date.fromisoformat(first) if first else self.today
            return DateRange(lower, date.fromisoformat(until) if until else None)
        except ValueError:
            raise RowRefused("valid_from", _("Please write days like 2026-03-15.")) from None


def _missing(name):
    raise RowRefused(name, _("This is missing."))


def _text(row, name):
    value = row.get(name) if isinstance(row, dict) else ""
    if value is not None and not isinstance(value, str):
        raise RowRefused(name, _("This is no text."))
    return (value or "").strip()


def _list(row, name):
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise RowRefused(name, _("This is no list."))
    return value


def _said(row):
    return {_text(one, "link_type"): _text(one, "value") for one in _list(row, "attributes")}


def _uid(row):
    try:
        return UUID(_text(row, "id"))
    except ValueError:
        raise RowRefused("id", _("The identifier is no UUID.")) from None


def _need(said):
    allowed = [code for code, _label in NEEDS]
    if said.get("need") not in allowed:
        sentence = _("An attribute of the type “need” has to be one of: %(allowed)s.")
        raise RowRefused("attributes", sentence % {"allowed": ", ".join(allowed)})
    return said["need"]


def _channels(row, words):
    said = [_text(one, "value") for one in _list(row, "attributes") if one.get("link_type") == "channel"]
    if said:
        return said
    reached = {Channel.VISIT: words["address"], Channel.PHONE: words["phone"], Channel.ONLINE: words["url"]}
    return [str(channel) for channel, value in reached.items() if value]


def _address(row):
    for at in _list(row, "service_at_locations"):
        location = at.get("location")
        for address in _list(location, "addresses") if isinstance(location, dict) else ():
            return _text(address, "address_1")
    return ""


def _hours(row):
    """Return the line of hours of the weekly schedules; another rhythm is refused: it would be shown wrongly."""
    spans = {}
    for one in _list(row, "schedules"):
        days = [DAY_OF.get(day) for day in _text(one, "byday").split(",")]
        if one.get("freq") != "WEEKLY" or one.get("interval") not in (None, 1) or None in days:
            raise RowRefused("schedules", _("Only weekly hours can be read, with days such as MO,TU."))
        span = [_text(one, name).removesuffix(OFFSET) for name in ("opens_at", "closes_at")]
        if any(day in spans and spans[day] != tuple(span) for day in days):
            raise RowRefused("schedules", _("A day has more than one span of hours."))
        spans |= dict.fromkeys(days, tuple(span))
    line = hours.join(spans)
    try:
        hours.check(line)
    except ValidationError as refused:
        raise RowRefused("schedules", " ".join(refused.messages)) from None
    return line


def _capacity(row):
    for one in _list(row, "capacities"):
        places, updated = one.get("available"), parse_datetime(_text(one, "updated"))
        if not isinstance(places, int) or places < 0 or updated is None or updated.tzinfo is None:
            raise RowRefused("capacities", _("A number of places needs the day on which it was said."))
        return {"capacity": places, "capacity_on": seoul_day(updated)}
    return {"capacity": None, "capacity_on": None}
