"""Which version is meant: ETags of what was shown, and the conditions that a caller sends along (RFC 9110)."""

import json
from hashlib import sha256

from casework.api.problems import Problem


def etag(shown):
    """Return the strong ETag of what is shown (anything JSON can write)."""
    text = json.dumps(shown, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def check_if_match(request, current):
    """Raise Problem unless `If-Match` names `current`: 428 where it is missing, 412 where it names another version."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Problem("no_precondition", headers={"ETag": current})
    if given != "*" and current not in _tags(given):
        raise Problem("stale", headers={"ETag": current})


def unchanged(request, current):
    """Tell whether `If-None-Match` names `current`, so that 304 says it all."""
    return current in _tags(request.headers.get("If-None-Match", ""))


def _tags(text):
    return [tag.strip().removeprefix("W/") for tag in text.split(",")]
