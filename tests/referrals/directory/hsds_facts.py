"""What the published schema of HSDS says of the objects that we write: names, types, what has to be there.

Facts taken from the Human Services Data Specification 3.2 (openreferral/specification, `schema/*.json` and the table
`schema/simple/schema.csv`; docs.openreferral.org). `!` marks what is required, `[x]` a list of objects, `{x}` one
object. Stricter than the specification: a name that it does not have is refused, and a page is whole.
"""

UUID, URI, EMAIL, MOMENT = ({"type": "string", "format": name} for name in ("uuid", "uri", "email", "date-time"))
TEXT, NUMBER, COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer"}
PLACES = {"enum": ["physical", "postal", "virtual"]}

OBJECTS = {
    "service": {
        "id!": UUID, "organization_id": UUID, "program_id": UUID, "name!": TEXT, "alternate_name": TEXT,
        "description": TEXT, "url": URI, "additional_urls": "[url]", "email": EMAIL,
        "status!": {"enum": ["active", "inactive", "defunct", "temporarily closed"]}, "interpretation_services": TEXT,
        "application_process": TEXT, "fees_description": TEXT, "accreditations": TEXT, "eligibility_description": TEXT,
        "minimum_age": NUMBER, "maximum_age": NUMBER, "assured_date": TEXT, "assurer_email": EMAIL, "alert": TEXT,
        "last_modified": MOMENT, "phones": "[phone]", "schedules": "[schedule]", "service_areas": "[service_area]",
        "service_at_locations": "[service_at_location]", "organization": "{organization}",
        "required_documents": "[required_document]", "capacities": "[service_capacity]", "attributes": "[attribute]",
    },
    "organization": {
        "id!": UUID, "name!": TEXT, "alternate_name": TEXT, "description!": TEXT, "email": EMAIL, "website": URI,
        "year_incorporated": NUMBER, "legal_status": TEXT, "logo": TEXT, "uri": URI, "parent_organization_id": UUID,
        "phones": "[phone]", "locations": "[location]", "attributes": "[attribute]",
    },
    "attribute": {
        "id!": UUID, "link_id": UUID, "taxonomy_term_id": UUID, "link_type": TEXT, "link_entity": TEXT, "value": TEXT,
        "taxonomy_term": "{taxonomy_term}", "label": TEXT,
    },
    "taxonomy_term": {
        "id!": UUID, "code": TEXT, "name!": TEXT, "description!": TEXT, "parent_id": UUID, "taxonomy": TEXT,
        "language": TEXT, "taxonomy_id": UUID, "term_uri": URI,
    },
    "service_at_location": {
        "id!": UUID, "service_id": UUID, "location_id": UUID, "description": TEXT, "service_areas": "[service_area]",
        "phones": "[phone]", "schedules": "[schedule]", "location": "{location}", "attributes": "[attribute]",
    },
    "location": {
        "id!": UUID, "location_type!": PLACES, "url": URI, "organization_id": UUID, "name": TEXT,
        "alternate_name": TEXT, "description": TEXT, "transportation": TEXT, "latitude": NUMBER, "longitude": NUMBER,
        "external_identifier": TEXT, "external_identifier_type": TEXT, "addresses": "[address]", "phones": "[phone]",
        "schedules": "[schedule]", "attributes": "[attribute]",
    },
    "address": {
        "id!": UUID, "location_id": UUID, "attention": TEXT, "address_1!": TEXT, "address_2": TEXT, "city!": TEXT,
        "region": TEXT, "state_province!": TEXT, "postal_code!": TEXT, "country!": TEXT, "address_type!": PLACES,
        "attributes": "[attribute]",
    },
    "phone": {
        "id!": UUID, "location_id": UUID, "service_id": UUID, "organization_id": UUID, "contact_id": UUID,
        "service_at_location_id": UUID, "number!": TEXT, "extension": NUMBER, "type": TEXT, "description": TEXT,
        "attributes": "[attribute]",
    },
    "schedule": {
        "id!": UUID, "service_id": UUID, "location_id": UUID, "service_at_location_id": UUID, "valid_from": TEXT,
        "valid_to": TEXT, "dtstart": TEXT, "timezone": NUMBER, "until": TEXT, "count": NUMBER,
        "wkst": {"enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}, "freq": {"enum": ["WEEKLY", "MONTHLY"]},
        "interval": NUMBER, "byday": TEXT, "byweekno": TEXT, "bymonthday": TEXT, "byyearday": TEXT,
        "description": TEXT, "opens_at": TEXT, "closes_at": TEXT, "schedule_link": URI, "attending_type": TEXT,
        "notes": TEXT, "attributes": "[attribute]",
    },
    "service_area": {
        "id!": UUID, "service_id": UUID, "service_at_location_id": UUID, "name": TEXT, "description": TEXT,
        "extent": TEXT, "extent_type": TEXT, "uri": TEXT, "attributes": "[attribute]",
    },
    "required_document": {
        "id!": UUID, "service_id": UUID, "document": TEXT, "uri": URI, "attributes": "[attribute]",
    },
    "service_capacity": {
        "id!": UUID, "service_id": UUID, "unit!": "{unit}", "unit_id": UUID, "available!": NUMBER, "maximum": NUMBER,
        "description": TEXT, "updated!": MOMENT,
    },
    "unit": {"id!": UUID, "name!": TEXT, "scheme": TEXT, "identifier": TEXT, "uri": URI},
    "url": {"id!": UUID, "label": TEXT, "url!": URI},
}  # fmt: skip

# The page in which the API of the specification answers a list of services (`schema/openapi.json`, components, Page).
PAGE = {
    "total_items!": COUNT, "total_pages!": COUNT, "page_number!": COUNT, "size!": COUNT,
    "first_page!": {"type": "boolean"}, "last_page!": {"type": "boolean"}, "empty!": {"type": "boolean"},
    "contents!": "[service]",
}  # fmt: skip


def schema():
    """Return these facts as a JSON Schema of the page."""
    return {"$defs": {name: _object(fields) for name, fields in OBJECTS.items()}, **_object(PAGE)}


def _object(fields):
    named = {name.rstrip("!"): _field(told) for name, told in fields.items()}
    required = [name.rstrip("!") for name in fields if name.endswith("!")]
    return {"type": "object", "properties": named, "required": required, "additionalProperties": False}


def _field(told):
    if isinstance(told, dict):
        return told
    of = {"$ref": f"#/$defs/{told[1:-1]}"}
    return {"type": "array", "items": of} if told.startswith("[") else of
