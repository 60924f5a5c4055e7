"""The directory as Open Referral HSDS 3: a page of services as the API of the specification answers it.

What the specification has no field for (the need, how to ask, the texts in English, the days of validity) stands in
`attributes`, each with its `link_type`. Identifiers are made from the service's own, so that every export is alike.
Source of the names: the Human Services Data Specification, version 3.2, docs.openreferral.org.
"""

from uuid import NAMESPACE_URL, uuid5

from django.core.paginator import Paginator
from django.utils.translation import override

from casework.clock import day_begins, seoul_day
from referrals.directory import hours
from referrals.states import NEEDS

TAXONOMY = "casework needs"
SPOKEN = {"who": "eligibility_description", "bring": "required_document", "guidance": "description"}
BYDAY = dict(zip(hours.DAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
OFFSET, UTC_HOURS = "+09:00", 9
AREA = "urn:kr:district:"


def page_of(services, *, now, number=1, size=None):
    """Return the page object of `services` (a queryset with agency and districts): all of them, or page `number` of
    `size` each; past the last page nothing stands in `contents`."""
    pages = Paginator(services, size or max(1, services.count()))
    contents = [service_of(service, now=now) for service in pages.page(number)] if number <= pages.num_pages else []
    return {
        "total_items": pages.count,
        "total_pages": pages.num_pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages.num_pages,
        "empty": not contents,
        "contents": contents,
    }


def service_of(service, *, now):
    """Return one service as a dict; what nobody stated is left out."""
    active = seoul_day(now) in service.during
    found = {
        "id": str(service.uid),
        "name": service.name_ko,
        "alternate_name": service.name_en,
        "description": service.guidance_ko,
        "url": service.url,
        "status": "active" if active else "inactive",
        "eligibility_description": service.who_ko,
        "organization": _organization(service.agency),
        "phones": [{"id": _id(service, "phone"), "number": service.phone, "type": "voice"}] if service.phone else [],
        "schedules": _schedules(service),
        "service_areas": [_area(service, place) for place in service.districts.all()],
        "service_at_locations": [_at_location(service)] if service.address else [],
        "required_documents": [{"id": _id(service, "document"), "document": service.bring_ko}]
        if service.bring_ko
        else [],
        "capacities": _capacities(service),
        "attributes": _attributes(service),
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _id(service, part):
    return str(uuid5(service.uid, part))


def _organization(agency):
    found = {
        "id": str(uuid5(NAMESPACE_URL, f"agency:{agency.name_ko}")),
        "name": agency.name_ko,
        "alternate_name": agency.name_en,
        "description": str(agency.kind),
    }
    return {name: value for name, value in found.items() if value}


def _schedules(service):
    """One schedule for each span of hours, with the days on which it holds."""
    days: dict[tuple, list] = {}
    for day, span in hours.parse(service.hours).items():
        days.setdefault(span, []).append(BYDAY[day])
    return [
        {
            "id": _id(service, f"schedule {opens}-{closes}"),
            "freq": "WEEKLY",
            "byday": ",".join(named),
            "opens_at": opens + OFFSET,
            "closes_at": closes + OFFSET,
            "timezone": UTC_HOURS,
            "valid_from": service.during.lower.isoformat(),
        }
        for (opens, closes), named in days.items()
    ]


def _area(service, place):
    return {"id": _id(service, f"area {place.code}"), "name": place.name, "uri": AREA + place.code}


def _at_location(service):
    address = {
        "id": _id(service, "address"),
        "address_1": service.address,
        "city": "",
        "state_province": service.agency.region,
        "postal_code": "",
        "country": "KR",
        "address_type": "physical",
    }
    place = {
        "id": _id(service, "location"),
        "location_type": "physical",
        "name": service.agency.name_ko,
        "addresses": [address],
    }
    return {"id": _id(service, "at location"), "location": place}


def _capacities(service):
    if service.capacity is None:
        return []
    unit = {"id": str(uuid5(NAMESPACE_URL, "unit:place")), "name": "place"}
    updated = day_begins(service.capacity_on).isoformat()
    return [{"id": _id(service, "capacity"), "unit": unit, "available": service.capacity, "updated": updated}]


def _attributes(service):
    said = [("need", service.need), *(("channel", channel) for channel in service.channels)]
    said += [(f"{field}@en", getattr(service, f"{name}_en")) for name, field in SPOKEN.items()]
    said.append(("valid_from", service.during.lower.isoformat()))
    said.append(("valid_to", service.during.upper.isoformat() if service.during.upper else ""))
    said.append(("unofficial", "yes" if service.unofficial else ""))
    return [_attribute(service, kind, value) for kind, value in said if value]


def _attribute(service, kind, value):
    found = {
        "id": _id(service, f"{kind} {value}" if kind == "channel" else kind),
        "link_id": str(service.uid),
        "link_entity": "service",
        "link_type": kind,
        "value": value,
    }
    if kind == "need":
        with override("en"):
            words = str(dict(NEEDS)[value])
        term = {"id": str(uuid5(NAMESPACE_URL, f"need:{value}")), "code": value, "name": words, "description": words}
        found["taxonomy_term"] = term | {"taxonomy": TAXONOMY}
    return found
