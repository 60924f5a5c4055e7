"""What a browser is allowed to do with our pages: strict, and the same everywhere."""

from csp.constants import NONE, SELF

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "PERMISSIONS_POLICY",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    "SECURE_REFERRER_POLICY",
    "X_FRAME_OPTIONS",
]

SECURE_REFERRER_POLICY = "same-origin"  # no-referrer sends Origin: null and every form would be refused
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_OWN = "script-src style-src font-src connect-src manifest-src form-action"
_NO = "default-src base-uri frame-ancestors object-src"
_UNUSED = "accelerometer camera display-capture geolocation gyroscope microphone midi payment usb"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: [SELF] for name in _OWN.split()}
    | {name: [NONE] for name in _NO.split()}
    | {"img-src": [SELF, "data:"]}
}
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in _UNUSED.split()}
