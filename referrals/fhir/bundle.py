"""Writing the Bundle: ServiceRequest, Task, Patient, both Organizations, Consent and Provenance.

FHIR R4 (4.0.1). The Task carries how it stands, the ServiceRequest what is asked, the Patient no more than the packet
shows: a pseudonymous number, and name, telephone and place only where the sender picked them.
"""

import json
from uuid import NAMESPACE_URL, uuid5

from referrals.fhir import words as w
from referrals.fhir.words import code, extension
from referrals.states import FHIR, Status


def bundle_of(wire):
    """Return the Bundle of a Wire as a dict; the same Wire gives the same Bundle."""
    resources = [
        ("request", _request(wire)),
        ("task", _task(wire)),
        ("patient", _patient(wire)),
        ("sender", _organization(wire.sender)),
        ("receiver", _organization(wire.receiver)),
        ("consent", _consent(wire)),
        *((f"moment-{name}", _provenance(wire, name, at)) for name, at in _moments(wire)),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": w.NUMBER, "value": wire.number},
        "timestamp": instant(max([wire.written_at, *(at for _name, at in wire.moments)])),
        "entry": [{"fullUrl": _url(wire, name), "resource": resource} for name, resource in resources],
    }


def instant(at):
    """Return a moment as FHIR writes it."""
    return at.isoformat()


def _moments(wire):
    return [("written_at", wire.written_at), *wire.moments]


def _url(wire, name):
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{w.NUMBER}/{wire.number}/{name}')}"


def _to(wire, name):
    return {"reference": _url(wire, name)}


def _filled(**elements):
    """Leave out what is empty: FHIR knows no empty string, list or object."""
    return {name: value for name, value in elements.items() if value not in ("", None, [], {})}


def _request(wire):
    return _filled(
        resourceType="ServiceRequest",
        identifier=[{"system": w.NUMBER, "value": wire.number}],
        status=w.REQUEST_STATUS.get(wire.status, "active"),
        intent="order",
        category=[code(w.NEED, wire.need)],
        priority=w.PRIORITY[wire.urgency],
        code={"text": wire.title} if wire.title else {},
        subject=_to(wire, "patient"),
        authoredOn=instant(wire.written_at),
        requester=_to(wire, "sender"),
        performer=[_to(wire, "receiver")],
        note=[{"text": wire.request}] if wire.request else [],
    )


def _task(wire):
    status, business = FHIR[Status(wire.status)]
    return _filled(
        resourceType="Task",
        identifier=[{"system": w.NUMBER, "value": wire.number}],
        status=status,
        statusReason={"text": wire.reason} if wire.reason else {},
        businessStatus=code(w.STATUS, business),
        intent="order",
        priority=w.PRIORITY[wire.urgency],
        focus=_to(wire, "request"),
        authoredOn=instant(wire.written_at),
        requester=_to(wire, "sender"),
        owner=_to(wire, "receiver"),
        reasonCode=code(w.WAITS, wire.waits_for) if wire.waits_for else {},
        input=_inputs(wire.packet),
        output=_outputs(wire),
        **{"for": _to(wire, "patient")},
    )


def _inputs(packet):
    """What the sender wrote, as it is; the other parts of the packet as JSON."""
    texts = [{"type": code(w.PART, name), "valueString": packet[name]} for name in w.TEXTS if packet.get(name)]
    others = sorted(set(packet) - {*w.NATIVE, *w.TEXTS} | {name for name in w.TEXTS if packet.get(name) == ""})
    return [
        *texts,
        *({"type": code(w.PART, name, text="JSON"), "valueString": _json(packet[name])} for name in others),
    ]


def _outputs(wire):
    found = [{"type": code(w.OUTCOME, "outcome"), "valueCodeableConcept": code(w.OUTCOME, wire.outcome)}]
    found = found if wire.outcome else []
    if wire.outcome_text:
        found.append({"type": code(w.OUTCOME, "text"), "valueString": wire.outcome_text})
    for line in wire.results:
        concept = code(w.OUTCOME, line.result, **({"text": line.text} if line.text else {}))
        found.append({"type": code(w.OUTCOME, f"result-{line.order}"), "valueCodeableConcept": concept})
    return found


def _patient(wire):
    packet = wire.packet
    system = w.HOUSEHOLD if wire.about_household else w.PERSON
    own = [{"system": system, "value": wire.subject}] if wire.subject else []
    if packet.get("household") and not (wire.about_household and packet["household"] == wire.subject):
        own.append({"system": w.HOUSEHOLD, "use": "secondary", "value": packet["household"]})
    return _filled(
        resourceType="Patient",
        extension=[extension(f"{w.BASE}:about", "household" if wire.about_household else "person", "Code")],
        identifier=own,
        name=_named(packet),
        telecom=_telephone(packet),
        address=_address(packet),
    )


def _named(packet):
    return [{"text": packet["head"]} if packet["head"] else _empty("head")] if "head" in packet else []


def _telephone(packet):
    if "phone" not in packet:
        return []
    return [{"system": "phone", "value": packet["phone"]} if packet["phone"] else _empty("phone")]


def _address(packet):
    if "dwelling" not in packet:
        return []
    place = packet["dwelling"]
    return [
        _filled(
            extension=[extension(w.DWELLING, _json(place))],
            country="KR",
            district=place.get("ko", "") if isinstance(place, dict) else "",
            city=place.get("town", "") if isinstance(place, dict) else "",
        )
    ]


def _empty(name):
    """What was picked and is not known: the element stands there, without a value."""
    return {"extension": [extension(f"{w.BASE}:not-known", name, "Code")]}


def _organization(office):
    return {
        "resourceType": "Organization",
        "identifier": [{"system": w.AGENCY, "value": str(office.id)}],
        "type": [code(w.AGENCY_KIND, office.kind)],
        "name": office.name,
    }


def _consent(wire):
    """On which ground it is told: the person's consent with its days, a duty, or urgent danger with its reason."""
    packet = wire.packet
    said = packet.get("consent")
    more = [extension(w.NOTE, packet["note"])] if packet.get("note") else []
    more += [extension(w.CONSENT, _json(said))] if "consent" in packet else []
    said = said if isinstance(said, dict) else {}
    period = _filled(start=said.get("from") or "", end=said.get("to") or said.get("until") or "")
    return _filled(
        resourceType="Consent",
        extension=more,
        status="inactive" if wire.closed else "active",
        scope=code(w.PRIVACY, "patient-privacy"),
        category=[code(w.CATEGORY, w.CONSENT_DOCUMENT)],
        patient=_to(wire, "patient"),
        dateTime=said.get("on") or "",
        organization=[_to(wire, "sender")],
        policyRule=code(w.GROUND, packet["ground"]) if packet.get("ground") else code(w.GROUND, "not-told"),
        provision={"type": "permit", "period": period} if period else {},
    )


def _provenance(wire, name, at):
    side = "sender" if name in ("written_at", *w.OF_SENDER) else "receiver"
    return {
        "resourceType": "Provenance",
        "target": [_to(wire, "task")],
        "recorded": instant(at),
        "activity": code(w.STEP, name),
        "agent": [{"who": _to(wire, side)}],
    }


def _json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
