"""Endpoints of the Bundle: a referral out, and a new one in."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from casework.api.answers import client_key
from casework.api.endpoint import endpoint
from casework.api.parsing import StrictFhir, StrictJson
from casework.api.problems import Problem
from casework.api.scopes import Scope
from casework.audit.models import Act
from referrals.api import finding, shapes, views, writing
from referrals.fhir import words as w
from referrals.fhir.bundle import bundle_of
from referrals.fhir.reading import NotOurs, check_is_fhir, wire_in
from referrals.fhir.wire import wire_of
from referrals.packing import PICKED
from referrals.states import Status

MEDIA_TYPE = "application/fhir+json"
BUNDLE: dict[str, Any] = {
    "type": "object",
    "properties": {"resourceType": {"type": "string", "const": "Bundle"}, "entry": {"type": "array"}},
    "required": ["resourceType", "entry"],
}


class FhirJson(JSONRenderer):
    """JSON as FHIR names it."""

    media_type = MEDIA_TYPE
    format = "fhir"


@extend_schema(
    operation_id="referrals_fhir",
    tags=["fhir"],
    responses={(200, MEDIA_TYPE): BUNDLE},
    summary=_("Read a referral as a FHIR R4 Bundle"),
)
@endpoint(GET=Scope.REFERRALS_READ)
def one(request, number):
    """The referral as a Bundle, no more than the caller's side may read."""
    found = finding.found(request.user, number)
    views.look_at(request, found, Act.EXPORT)
    return Response(bundle_of(wire_of(found, request.user)), headers={"ETag": views.tag(found, request.user)})


one.cls.renderer_classes = [FhirJson, JSONRenderer]


@extend_schema(
    operation_id="fhir_bring",
    tags=["fhir"],
    request={MEDIA_TYPE: BUNDLE},
    responses={201: shapes.One},
    summary=_("Write a referral from a FHIR R4 Bundle"),
)
@endpoint(POST=Scope.REFERRALS_WRITE, again=views.again)
def bring(request):
    """A new referral: a draft for a person to send, or with the Task *requested* a sent one, if the token allows it.

    Of the register stand in it the parts that the Bundle shows, as our register has them.
    """
    wire = _read(request.data)
    if wire.sender.id != request.user.agency_id:
        raise _wrong("ServiceRequest.requester", _("A system writes referrals of its own agency."))
    if wire.status not in (Status.DRAFT, Status.SENT):
        raise _wrong("Task.status", _("A new referral is a draft, or requested."))
    if wire.status == Status.SENT:
        views.check_may_send(request)
    words = views.valid(shapes.Written, words_of(wire))
    draft = writing.write(words, by=request.user, now=timezone.now(), client_key=client_key(request))
    return views.written(request, draft.number)


bring.cls.parser_classes = [StrictFhir, StrictJson]


def words_of(wire):
    """Return a Wire as the words in which a referral is written."""
    packet = wire.packet
    consent = packet.get("consent")
    said = consent if isinstance(consent, dict) and consent.get("on") else None
    return {
        "household": "" if not wire.about_household else wire.subject,
        "case_number": "" if wire.about_household else wire.subject,
        "to_agency": wire.receiver.id,
        "need": wire.need,
        "urgency": wire.urgency,
        "title": wire.title,
        "request": wire.request,
        "sections": [name for name, _label in PICKED if name in packet],
        **{name: packet[name] for name in w.TEXTS if name != "hoped" and packet.get(name)},
        "desired": _desired(packet),
        "ground": packet.get("ground", ""),
        "consent": {"on": said["on"], "until": said.get("until")} if said else None,
        "note": packet.get("note", ""),
        "send": wire.status == Status.SENT,
    }


def _desired(packet):
    lines = packet.get("desired") or []
    if not isinstance(lines, list):
        raise _wrong("Task.input", _("This part is no list of hoped-for results."))
    return [{"text": line.get("text", "") if isinstance(line, dict) else ""} for line in lines]


def _read(data):
    if not isinstance(data, dict):
        raise _wrong("", _("This is no FHIR Bundle."))
    try:
        check_is_fhir(data)
        return wire_in(data)
    except NotOurs as why:
        raise _wrong(why.field, str(why)) from None


def _wrong(field, text):
    return Problem("invalid", errors=[{"field": field, "detail": str(text)}])
