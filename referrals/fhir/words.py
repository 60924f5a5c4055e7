"""The words of our Bundle: systems of identifiers and codes, and the urls of what FHIR has no element for."""

BASE = "urn:casework"
NUMBER = f"{BASE}:referral"
AGENCY = f"{BASE}:agency"
AGENCY_KIND = f"{BASE}:agency-kind"
NEED = f"{BASE}:need"
STATUS = f"{BASE}:status"
GROUND = f"{BASE}:ground"
OUTCOME = f"{BASE}:outcome"
WAITS = f"{BASE}:waits-for"
PART = f"{BASE}:packet"
STEP = f"{BASE}:moment"
PERSON = f"{BASE}:case-number"
HOUSEHOLD = f"{BASE}:household"
DWELLING = f"{BASE}:dwelling"
NOTE = f"{BASE}:note"
CONSENT = f"{BASE}:consent"
PRIVACY = "http://terminology.hl7.org/CodeSystem/consentscope"
CATEGORY = "http://loinc.org"
CONSENT_DOCUMENT = "59284-0"
# Parts of the packet with an element of their own; what the sender wrote; every other part travels as JSON.
NATIVE = ("household", "ground", "note", "consent", "head", "phone", "dwelling")
TEXTS = ("facts", "tried", "hoped", "health")
PRIORITY = {"usual": "routine", "urgent": "urgent"}
REQUEST_STATUS = {"draft": "draft", "closed": "completed", "cancelled": "revoked", "rerouted": "revoked"}
OF_SENDER = ("sent_at", "confirmed_at", "closed_at")


def code(system, value, **more):
    """Return a CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": value}], **more}


def code_of(concept, system):
    """Return the code of `system` in a CodeableConcept, or ""."""
    codings = (concept or {}).get("coding", ())
    return next((coding["code"] for coding in codings if coding.get("system") == system), "")


def extension(url, value, kind="String"):
    """Return one extension."""
    return {"url": url, f"value{kind}": value}


def extended(element, url):
    """Return the value of an extension of an element, or None."""
    for one in (element or {}).get("extension", ()):
        if one.get("url") == url:
            return next((value for name, value in one.items() if name.startswith("value")), None)
    return None
