"""The interface described: OpenAPI for machines, and the same for people on a page of our own."""

from functools import lru_cache

from django.utils.translation import get_language, gettext
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter

from casework.api.problems import MEDIA_TYPE, TYPES

OFTEN = (401, 403, 404, 405, 406, 422, 429, 500)
OF_BODIES = (400, 413, 415)
OF_STEPS = (409, 412, 428)
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(TYPES)},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code"],
}
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read, or *."
)
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A retry under the same key is answered as the first call was, for 24 hours.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "maxLength": 255},
}


class BearerScheme(OpenApiAuthenticationExtension):
    """How a token is shown."""

    target_class = "casework.api.authentication.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema):
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token of the agency's system."}


def with_problems(result, generator, request, public):
    """Say of every operation which problems it may answer; POSTs take an Idempotency-Key."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    titles = {status: str(title) for status, title in TYPES.values()}
    for path in result["paths"].values():
        for method, operation in path.items():
            asked = [parameter["name"] for parameter in operation.get("parameters", ())]
            statuses = [
                *OFTEN,
                *(OF_BODIES if method == "post" else ()),
                *(OF_STEPS if "If-Match" in asked else (409,)),
            ]
            for status in statuses:
                operation["responses"][str(status)] = {"description": titles[status], "content": content}
            if method == "post":
                operation.setdefault("parameters", []).append(KEY)
    return result


def schema():
    """Return the OpenAPI description as a dict, in the language in force."""
    return _schema(get_language())


@lru_cache(maxsize=4)
def _schema(language):
    import casework.api.v1

    return SchemaGenerator(patterns=casework.api.v1.described()).get_schema(request=None, public=True)


def operations():
    """Return the description for people: groups of operations with their parameters, bodies and answers."""
    told, groups = schema(), {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            groups.setdefault((operation.get("tags") or [""])[0], []).append(_operation(told, path, method, operation))
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(told, path, method, operation):
    body = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "parameters": [_parameter(p) for p in operation.get("parameters", ())],
        "fields": _fields(told, body.get("schema", {})),
        "answers": [status for status in operation["responses"] if status < "400"],
    }


def _parameter(parameter):
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": parameter.get("required", False),
        "kind": _kind(parameter.get("schema", {})),
        "text": parameter.get("description", ""),
    }


def _fields(told, schema):
    found = _resolved(told, schema)
    required = found.get("required", ())
    return [
        {
            "name": name,
            "required": name in required,
            "kind": _kind(_resolved(told, field)),
            "text": field.get("description", ""),
        }
        for name, field in found.get("properties", {}).items()
    ]


def _resolved(told, schema):
    inner = schema.get("allOf", [schema])[0]
    name = inner.get("$ref", "").rpartition("/")[2]
    return told["components"]["schemas"].get(name, inner)


def _kind(schema):
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value not in ("", None))
    kind = schema.get("type", "object")
    words = [str(k) for k in kind] if isinstance(kind, list) else [str(kind)]
    if schema.get("format"):
        words.append(schema["format"])
    if "maxLength" in schema:
        words.append(gettext("at most %(n)s characters") % {"n": schema["maxLength"]})
    return ", ".join(words)
