"""What went wrong, as a problem detail (RFC 9457): one shape for every error, and nothing about our insides.

`type` is a stable address on the page that describes the interface; `code` is its last word; `errors` says field by
field what would be right.
"""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

MEDIA_TYPE = "application/problem+json"
TYPES = {
    "malformed": (400, _("The request cannot be read.")),
    "no_token": (401, _("A token is needed.")),
    "not_allowed": (403, _("This may not be done with this token.")),
    "not_found": (404, _("There is no such thing here.")),
    "method": (405, _("This address does not answer this method.")),
    "not_acceptable": (406, _("The answer is not to be had in this form.")),
    "conflict": (409, _("The record has moved on.")),
    "stale": (412, _("The record has changed since it was read.")),
    "too_large": (413, _("The request is too large.")),
    "media_type": (415, _("The body is of a kind that is not read here.")),
    "invalid": (422, _("Something in the request is not right.")),
    "key_reused": (422, _("The idempotency key was used for another request.")),
    "no_precondition": (428, _("The request must say which version it means.")),
    "too_many": (429, _("Too many calls within a minute.")),
    "failed": (500, _("Something failed here.")),
}
OF_STATUS = {status: code for code, (status, _title) in reversed(TYPES.items())}


class Problem(exceptions.APIException):
    """An error with its code of TYPES; `errors` are {"field", "detail"} dicts, `headers` go with the answer.

    `keeps`: what was written before it was raised stands all the same.
    """

    def __init__(self, code, detail="", errors=(), headers=None, keeps=False):
        super().__init__(detail or TYPES[code][1], code)
        self.problem, self.errors, self.headers, self.keeps = code, list(errors), headers or {}, keeps
        self.status_code = TYPES[code][0]


def told(code, detail="", errors=()):
    """Return the problem detail of a code as a dict."""
    status, title = TYPES[code]
    body = {"type": f"/interfaces/docs/#{code}", "title": str(title), "status": status, "code": code}
    if detail and str(detail) != str(title):
        body["detail"] = str(detail)
    return body | ({"errors": list(errors)} if errors else {})


def answered(error, context):
    """Answer an exception of a view as a problem; None for what is our own fault, which Django logs and answers."""
    if isinstance(error, Problem):
        return _response(told(error.problem, error.detail, error.errors), error.headers)
    if isinstance(error, ValidationError):
        return _response(told("invalid", errors=_of_form(error)))
    if isinstance(error, exceptions.ValidationError):
        return _response(told("invalid", errors=list(_flat(error.detail))))
    if isinstance(error, Http404 | exceptions.NotFound):
        return _response(told("not_found"))
    if isinstance(error, PermissionDenied):
        return _response(told("not_allowed", str(error)))
    if isinstance(error, exceptions.APIException):
        return _response(told(_code_of(error), error.detail), _headers_of(error))
    return None


def _response(body, headers=None):
    answer = Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)
    answer.exception = True
    return answer


def _code_of(error):
    return OF_STATUS.get(
        error.status_code, "malformed" if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else "failed"
    )


def _headers_of(error):
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return headers


def _of_form(error):
    if hasattr(error, "error_dict"):
        return [{"field": name, "detail": text} for name, texts in error.message_dict.items() for text in texts]
    return [{"field": "", "detail": text} for text in error.messages]


def _flat(detail, path=""):
    """Yield {"field", "detail"} of the nested errors of a serializer; fields are joined by dots."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == api_settings.NON_FIELD_ERRORS_KEY else str(name)
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{path}.{place}" if nested else path)
    else:
        yield {"field": path, "detail": str(detail)}


# --- what happens outside our views: an address that does not exist, an error before or inside a view ---


def _plain(request, code, otherwise, *args):
    if not request.path.startswith("/api/"):
        return otherwise(request, *args)
    return JsonResponse(
        told(code), status=TYPES[code][0], content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def bad_request(request, exception):
    """`handler400` of the project."""
    return _plain(request, "malformed", defaults.bad_request, exception)


def not_found(request, exception):
    """`handler404` of the project."""
    return _plain(request, "not_found", defaults.page_not_found, exception)


def server_error(request):
    """`handler500` of the project. Nothing of the error is told; it stands in our log."""
    return _plain(request, "failed", defaults.server_error)


def explained():
    """Return (code, status, title) of every problem, for the page that describes them."""
    return [(code, status, str(title)) for code, (status, title) in TYPES.items()]
