"""Tokens of agencies' systems, and a client that calls with one."""

import itertools
import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from casework.api import tokens
from casework.api.scopes import Scope
from tests.factories.agencies import UserFactory

EVERYTHING = tuple(Scope)
COUNT = itertools.count(1)


def administrator():
    return UserFactory(role="system_administrator")


def issue(agency, *scopes, by=None, **more):
    """Return (ApiToken, secret) of a token that lasts a year."""
    now = timezone.now()
    words = {"name": f"새올 {next(COUNT)}", "source": "시험 연계", "per_minute": 100_000, **more}
    words.setdefault("until", now + timedelta(days=365))
    return tokens.issue(agency, scopes=scopes or EVERYTHING, by=by or administrator(), now=now, **words)


class Caller:
    """A system that calls: `get` and `post` with its token; `post` writes JSON."""

    def __init__(self, agency, *scopes, **more):
        self.token, self.secret = issue(agency, *scopes, **more)
        self.client = Client(raise_request_exception=more.pop("raises", True))

    @property
    def user(self):
        return self.token.user

    def get(self, path, query=None, **headers):
        return self.client.get(address(path), query or {}, headers=self._with(headers))

    def post(self, path, body=None, content_type="application/json", **headers):
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self.client.post(address(path), raw, content_type=content_type, headers=self._with(headers))

    def act(self, number, verb, body=None, **headers):
        """Read the referral and take a step on what was read."""
        tag = self.get(f"referrals/{number}").headers["ETag"]
        return self.post(f"referrals/{number}/{verb}", body, **{"If-Match": tag, **headers})

    def _with(self, headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en", **named}


def address(path):
    return path if path.startswith("/") else f"/api/v1/{path}"
