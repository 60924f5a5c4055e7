"""Every endpoint under calls that somebody else thinks up: none fails, each answers as described, none tells another
agency's numbers."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation.modes import GenerationMode

from tests.factories import HouseholdFactory
from tests.factories.api import Caller
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
HELD_TO = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# All operations together stay under two minutes: each example is three calls.
EXAMPLES = 30
STANDS = ("draft", "sent", "received", "accepted", "in_progress", "provided", "confirmed", "declined", "closed")


@pytest.fixture
def world(sender, receiver, ours, theirs):
    """Two agencies with referrals in every state, and a third system that has nothing to do with them."""
    household = HouseholdFactory(worker=sender, members=["정금주"], district="서울 관악구")
    made = [ReferralFactory(sender=sender, receiver=receiver, household=household, stands=stands) for stands in STANDS]
    stranger = Caller(HouseholdFactory().responsibility_set.get().center)
    return [referral.number for referral in made], (ours, theirs), stranger


@pytest.fixture
def app():
    """The product as a server runs it, in the test's transaction: it closes no connection between two calls."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


def operations(app, secret):
    described = schemathesis.openapi.from_wsgi("/api/v1/schema", app, headers={"Authorization": f"Bearer {secret}"})
    return [found.ok() for found in described.get_all_operations()]


def test_no_call_fails_and_every_answer_is_as_described(world, words, app):
    numbers, callers, stranger = world
    found = operations(app, callers[0].secret)
    assert len(found) > 15
    answered = {}
    for operation in found:
        _fuzz(operation, numbers, callers, stranger, answered, words())
    told = {status for statuses in answered.values() for status in statuses}
    assert {200, 201, 403, 404, 422} <= told, answered
    assert all(status < 500 for status in told)


def _fuzz(operation, numbers, callers, stranger, answered, real):
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    cases = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(cases, st.sampled_from(numbers), st.sampled_from(callers))
    def run(case, number, caller):
        answered.setdefault(operation.label, set()).add(_ask(case, caller).status_code)  # as it was thought up
        _make_real(case, number, real)
        if case.path_parameters or case.body is real:
            answered[operation.label].add(_ask(case, caller).status_code)
        answer = _ask(case, stranger)
        text = answer.content.decode("utf-8", "replace")
        leaked = [known for known in numbers if known in text.replace(json.dumps(number), "")]
        assert leaked == [], f"{operation.label} tells a stranger {leaked}"
        if "number" in (case.path_parameters or {}):
            assert answer.status_code not in (200, 201)

    run()


def _make_real(case, number, real):
    """Let the call be about something that is there: a referral of the two, or a new one of their household."""
    if "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = number
        case.headers["If-Match"] = "*"
    elif case.operation.label == "POST /api/v1/referrals":
        case.body = real


def _ask(case, caller):
    answer = case.call(headers={"Authorization": f"Bearer {caller.secret}"})
    case.validate_response(answer, checks=HELD_TO)
    return answer
