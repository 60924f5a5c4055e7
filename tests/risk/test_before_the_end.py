"""What is on record before the end of protection, as the rules read it: a wish, a letter that came back."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from households.models import EndNotice, EndStep, Membership
from risk.sentences import sentence
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.extensions import request_of
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, as_of, contact, verdict

pytestmark = pytest.mark.django_db

FIRST, LAST, ON = date(2021, 3, 15), date(2026, 3, 14), date(2026, 3, 1)


def household(**about):
    return HouseholdFactory(registered_on=date(2023, 1, 1), **about)


def moderate():
    home = household(under_protection=FIRST)
    contact(home, ON, 1)
    for code in ("S05", "S07"):
        SignalFactory(household=home, code_id=code, months=3, on=ON)
    return home


def step(home, result, days=1, name="second", **more):
    day = ON - timedelta(days=days)
    known = as_of(day).known_by
    return EndStep.objects.create(
        person=members_of(home)[0], last_day=LAST, step=name, done_on=day, result=result, known_at=known, **more
    )


def end_of(home, when=ON):
    return verdict(home, as_of(when))["rules"]["R-PROT-END"]


def test_the_last_thirty_days_weigh_more_only_while_nothing_is_decided():
    home = moderate()
    assert end_of(home)["weight"] == 25
    step(home, "talking", days=20, name="review")
    assert end_of(home)["weight"] == 25
    step(home, "not_wanted", days=2)
    found = end_of(home)
    assert found["weight"] == 10
    said = sentence("R-PROT-END", found["evidence"], ON, ON, language="ko")
    assert "정해지지" not in said


def test_it_is_pure_in_the_day_and_in_what_was_known():
    home = moderate()
    step(home, "not_wanted", days=2)
    assert end_of(home, ON - timedelta(days=3))["weight"] == 25
    assert end_of(home)["weight"] == 10


def test_a_wish_calms_only_once_a_request_was_submitted():
    home = moderate()
    step(home, "wanted", days=5)
    found = end_of(home)
    assert found["weight"] == 25
    assert "정해지지" in sentence("R-PROT-END", found["evidence"], ON, ON, language="ko")
    submitted = as_of(ON - timedelta(days=2)).known_by
    request_of(members_of(home)[0], by=UserFactory(), submitted_at=submitted)
    assert end_of(home)["weight"] == 10
    assert end_of(home, ON - timedelta(days=3))["weight"] == 25, "not submitted yet"


def test_a_wish_about_another_last_day_decides_nothing():
    home = moderate()
    made = step(home, "wanted")
    EndStep.objects.filter(pk=made.pk).update(superseded_at=made.known_at)
    EndStep.objects.create(
        person=made.person, last_day=LAST + timedelta(days=30), step="second", done_on=ON, result="wanted"
    )
    assert end_of(home)["weight"] == 25


def returned(home, days):
    day = ON - timedelta(days=days)
    return EndNotice.objects.create(
        person=members_of(home)[0],
        last_day=LAST,
        sent_on=day - timedelta(days=9),
        way="registered",
        proof="1",
        returned_on=day,
        returned_why="수취인 불명",
        known_at=as_of(day).known_by,
    )


def test_a_letter_that_came_back_is_returned_mail():
    home = household(under_protection=FIRST)
    assert "R-MOVE" not in verdict(home, as_of(ON))["rules"]
    returned(home, 5)
    found = verdict(home, as_of(ON))["rules"]["R-MOVE"]
    assert found["evidence"]["facts"][0]["kind"] == "notice"
    assert "반송" in sentence("R-MOVE", found["evidence"], ON, ON, language="ko")
    assert "R-MOVE" not in verdict(home, as_of(ON - timedelta(days=6)))["rules"]


def test_it_says_something_of_the_home_to_which_it_was_sent():
    home, new = household(under_protection=FIRST), household()
    made = returned(home, 5)
    known = as_of(made.sent_on).known_by
    about = {"person": made.person, "household": new, "known_at": known}
    Membership.objects.filter(person=made.person).update(superseded_at=known)
    Membership.objects.create(**about | {"household": home, "during": DateRange(None, made.returned_on)})
    Membership.objects.create(**about, during=DateRange(made.returned_on, None))
    assert "R-MOVE" not in verdict(new, as_of(ON))["rules"]


def test_a_visit_after_that_day_ends_it_and_one_before_does_not():
    home = household(under_protection=FIRST)
    contact(home, ON, 8)
    returned(home, 5)
    assert "R-MOVE" in verdict(home, as_of(ON))["rules"]
    contact(home, ON, 3)
    assert "R-MOVE" not in verdict(home, as_of(ON))["rules"]
