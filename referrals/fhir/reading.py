"""Reading a Bundle back into what travels. Its references are followed; its order does not matter."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from referrals.fhir import words as w
from referrals.fhir.wire import Office, Result, Wire
from referrals.fhir.words import code_of, extended
from referrals.states import FHIR, MOMENTS

OURS = {business: status for status, (_fhir, business) in FHIR.items()}
URGENCY = {fhir: ours for ours, fhir in w.PRIORITY.items()}


class NotOurs(Exception):
    """A Bundle that is no referral; `field` says where, `str()` what would be right."""

    def __init__(self, field, text):
        super().__init__(text)
        self.field = field


def check_is_fhir(data):
    """Raise NotOurs with every place that is not FHIR R4 (by the models of fhir.resources)."""
    from fhir.resources.R4B.bundle import Bundle  # heavy, and only wanted here
    from pydantic import ValidationError

    if data.get("resourceType") != "Bundle":
        raise NotOurs("resourceType", _("This is no FHIR Bundle."))
    try:
        Bundle.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise NotOurs(".".join(str(part) for part in first["loc"]), first["msg"]) from None
    except (TypeError, ValueError, RecursionError, KeyError, AttributeError, OverflowError):
        raise NotOurs("", _("This is no FHIR Bundle.")) from None


def wire_in(data):
    """Return the Wire of a Bundle (a dict); raises NotOurs for one that is no referral of ours."""
    parts = _Parts(data)
    task, request = parts.one("Task"), parts.one("ServiceRequest")
    patient, consent = parts.behind(request, "subject"), parts.one("Consent")
    business = code_of(task.get("businessStatus"), w.STATUS)
    if business not in OURS:
        raise NotOurs("Task.businessStatus", _("This status is not known here."))
    if task.get("status") != FHIR[OURS[business]][0]:
        raise NotOurs("Task.status", _("It does not fit businessStatus."))
    moments = {code_of(found.get("activity"), w.STEP): _moment(found, "recorded") for found in parts.all("Provenance")}
    about_household = extended(patient, f"{w.BASE}:about") != "person"
    return Wire(
        number=_identifier(request, w.NUMBER),
        status=str(OURS[business]),
        need=next((code_of(concept, w.NEED) for concept in request.get("category", ())), ""),
        urgency=URGENCY.get(request.get("priority", "routine"), "urgent"),
        title=request.get("code", {}).get("text", ""),
        request="\n\n".join(note.get("text", "") for note in request.get("note", ())),
        sender=_office(parts.behind(request, "requester")),
        receiver=_office(parts.behind(request, "performer")),
        written_at=moments.get("written_at") or _moment(request, "authoredOn"),
        subject=_identifier(patient, w.HOUSEHOLD if about_household else w.PERSON),
        about_household=about_household,
        packet=_packet(task, patient, consent),
        outcome=_output(task, "outcome"),
        outcome_text=_output(task, "text"),
        reason=task.get("statusReason", {}).get("text", ""),
        waits_for=code_of(task.get("reasonCode"), w.WAITS),
        results=_results(task),
        moments=tuple((name, moments[name]) for name in MOMENTS if name in moments),
        closed=consent.get("status") == "inactive",
    )


class _Parts:
    """The resources of a Bundle, by kind and by what points at them."""

    def __init__(self, data):
        entries = [entry for entry in data.get("entry") or () if isinstance(entry, dict) and entry.get("resource")]
        self.resources = [entry["resource"] for entry in entries]
        self.by_url = {entry["fullUrl"]: entry["resource"] for entry in entries if entry.get("fullUrl")}

    def all(self, kind):
        return [resource for resource in self.resources if resource.get("resourceType") == kind]

    def one(self, kind):
        found = self.all(kind)
        if len(found) != 1:
            raise NotOurs(kind, _("A referral is a Bundle with one %(kind)s.") % {"kind": kind})
        return found[0]

    def behind(self, resource, name):
        pointer = resource.get(name) or {}
        pointer = pointer[0] if isinstance(pointer, list) else pointer
        found = self.by_url.get(pointer.get("reference", ""))
        if found is None:
            kind = resource["resourceType"]
            raise NotOurs(f"{kind}.{name}", _("It points at nothing in this Bundle."))
        return found


def _packet(task, patient, consent):
    packet = {}
    for part in task.get("input", ()):
        name, text = code_of(part.get("type"), w.PART), part.get("valueString", "")
        if name:
            packet[name] = _loaded(text) if part["type"].get("text") == "JSON" else text
    packet |= _of_patient(patient)
    ground = code_of(consent.get("policyRule"), w.GROUND)
    if ground and ground != "not-told":
        packet["ground"] = ground
    if (note := extended(consent, w.NOTE)) is not None:
        packet["note"] = note
    if (said := extended(consent, w.CONSENT)) is not None:
        packet["consent"] = _loaded(said)
    elif consent.get("dateTime"):
        packet["consent"] = {"on": consent["dateTime"][:10]}
    return packet


def _of_patient(patient):
    found = {}
    if number := _identifier(patient, w.HOUSEHOLD):
        found["household"] = number
    if names := patient.get("name"):
        found["head"] = names[0].get("text", "")
    if numbers := patient.get("telecom"):
        found["phone"] = numbers[0].get("value", "")
    if places := patient.get("address"):
        kept = extended(places[0], w.DWELLING)
        place = {"ko": places[0].get("district", ""), "en": "", "town": places[0].get("city", "")}
        found["dwelling"] = _loaded(kept) if kept else place
    return found


def _results(task):
    found = []
    for part in task.get("output", ()):
        name = code_of(part.get("type"), w.OUTCOME)
        order = name.removeprefix("result-")
        if name != order and order.isdecimal():
            concept = part.get("valueCodeableConcept", {})
            found.append(Result(int(order), code_of(concept, w.OUTCOME), concept.get("text", "")))
    return tuple(found)


def _output(task, name):
    for part in task.get("output", ()):
        if code_of(part.get("type"), w.OUTCOME) == name:
            return part.get("valueString") or code_of(part.get("valueCodeableConcept"), w.OUTCOME)
    return ""


def _identifier(resource, system):
    for one in resource.get("identifier", ()):
        if one.get("system") == system:
            return one.get("value", "")
    return ""


def _office(organization):
    number = _identifier(organization, w.AGENCY)
    if not number.isdecimal() or len(number) > 18:
        raise NotOurs("Organization.identifier", _("An agency is named by its number in the directory."))
    kind = next((code_of(concept, w.AGENCY_KIND) for concept in organization.get("type", ())), "")
    return Office(id=int(number), name=organization.get("name", ""), kind=kind)


def _moment(resource, name):
    try:
        found = datetime.fromisoformat(resource.get(name, ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotOurs(f"{resource['resourceType']}.{name}", _("Write a moment with its offset."))
    return found


def _loaded(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotOurs("valueString", _("This part is no JSON.")) from None
