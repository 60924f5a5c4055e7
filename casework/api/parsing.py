"""JSON as it comes in: strict, bounded, and without what PostgreSQL cannot keep."""

import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.utils import json as strict


class StrictJson(BaseParser):
    """`application/json`; NaN, NUL characters, lone surrogates and bottomless nesting are refused (400)."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        """Return what the body says; raises ParseError with what is wrong."""
        return parsed(stream.read())


class StrictFhir(StrictJson):
    """The same as `application/fhir+json`."""

    media_type = "application/fhir+json"


def parsed(raw):
    """Return the value of JSON bytes; raises ParseError."""
    try:
        value = strict.loads(raw.decode("utf-8"))
        if b"\\u" in raw:  # only an escape can bring these in
            written = json.dumps(value, ensure_ascii=False)
            written.encode("utf-8")
            if "\\u0000" in written.replace("\\\\", ""):
                raise ValueError("NUL")
    except RecursionError:
        raise ParseError(_("The JSON is nested too deeply.")) from None
    except (ValueError, UnicodeError):
        raise ParseError(_("The body is not well-formed JSON in UTF-8.")) from None
    return value
