"""Contacts that come from another system."""

from datetime import UTC, date, datetime

import pytest

from households.models import Contact, Participant
from tests.factories.imports import CONTACT, PERSON, bring, counts, why

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def register():
    """리영희 in H-1 until 2026-03-01, then in H-2; 김철수 in H-2."""
    other = {**PERSON, "person_ref": "P-2", "household_ref": "H-2", "given_name": "철수"}
    bring("register", [PERSON, other])
    bring("register", [{**PERSON, "household_ref": "H-2", "household_role": "spouse"}], effective_on=DAY)


def row(**changes):
    return {**CONTACT, **changes}


def test_a_contact_belongs_to_the_household_of_that_day(register):
    bring("contacts", [row(), row(contact_ref="C-2", occurred_at="2026-02-01T08:30+09:00")], source="구 시스템")
    after, before = Contact.objects.order_by("-occurred_at")
    assert (after.household.register_ref, before.household.register_ref) == ("H-2", "H-1")
    assert (after.occurred_at, after.contact_made, after.topics) == (
        datetime(2026, 3, 2, 5, 20, tzinfo=UTC),
        True,
        ["health", "mind"],
    )
    assert Participant.objects.get(contact=after).person.register_ref == "P-1"


def test_a_contact_of_a_household_alone_has_nobody_named(register):
    bring("contacts", [row(person_ref="", household_ref="H-2", tags="no_food; job_loss")])
    assert Contact.objects.get().tags == ["no_food", "job_loss"]
    assert not Participant.objects.exists()


def test_the_same_file_twice_changes_nothing_and_another_content_supersedes(register):
    bring("contacts", [row()])
    assert counts(bring("contacts", [row()], known_at=datetime(2026, 5, 1, tzinfo=UTC))) == (0, 1, 0, 0)
    assert counts(bring("contacts", [row(contact_made="N")])) == (1, 0, 1, 0)
    old, new = Contact.objects.order_by("id")
    assert (old.fact_id, old.superseded_at) == (new.fact_id, new.known_at)
    assert Participant.objects.filter(contact=new).count() == 1


def test_a_file_that_corrects_itself_adds_nothing_the_second_time(register):
    rows = [row(), row(contact_made="N")]
    bring("contacts", rows)
    assert counts(bring("contacts", rows)) == (0, 2, 0, 0)
    assert Contact.objects.count() == 2


def test_topics_of_another_system_are_kept_as_they_are(register):
    assert counts(bring("contacts", [row(topics="health; 생활고")])) == (1, 0, 0, 0)
    assert Contact.objects.get().topics == ["health", "생활고"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"occurred_at": "2026-03-02 14:20"}, "occurred_at", "not_a_moment"),
        ({"occurred_at": "2026-02-30T14:20+09:00"}, "occurred_at", "not_a_moment"),
        ({"occurred_at": "2999-01-01T00:00Z"}, "occurred_at", "future"),
        ({"channel": "fax"}, "channel", "not_one_of"),
        ({"contact_made": "yes"}, "contact_made", "not_one_of"),
        ({"tags": "no_food;hungry"}, "tags", "not_one_of"),
        ({"topics": "health;a topic that is longer than is kept"}, "topics", "too_long"),
        ({"person_ref": "P-9"}, "person_ref", "unknown_person"),
        ({"household_ref": "H-9"}, "household_ref", "unknown_household"),
        ({"person_ref": "", "household_ref": ""}, "person_ref", "nobody"),
        ({"household_ref": "H-1"}, "person_ref", "not_member"),
        ({"contact_ref": ""}, "contact_ref", "required"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(register, changes, field, code):
    batch = bring("contacts", [row(**changes), row(contact_ref="C-2")])
    assert (1, field, code) in why(batch)
    assert counts(batch)[0] == 1


def test_the_sentence_names_the_word_that_is_not_in_the_list(register):
    batch = bring("contacts", [row(tags="no_food;hungry")])
    assert batch.refused.get().faults[0]["params"]["value"] == "hungry"
