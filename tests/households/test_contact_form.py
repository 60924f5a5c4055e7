"""What the contact form asks for, and what it makes of the answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.forms.contact import ContactForm, initial_of
from households.forms.moments import value_of
from households.views.found import members_of
from tests.factories import ContactFactory

NOW = timezone.now().replace(second=0, microsecond=0)
RISKS = {"asked_self_harm": "no", "asked_violence": "not_asked", "asked_child": "no", "asked_basics": "no"}


@pytest.fixture
def filled(house):
    members = members_of(house)

    def fill(**changes):
        data = {
            "channel": "visit",
            "met": "yes",
            "at": value_of(NOW),
            "people": [members[0].person.case_number],
            "topics": ["livelihood"],
            "level": "centre",
            "minutes": "40",
            **RISKS,
            **changes,
        }
        return ContactForm(data, members=members, now=NOW + timedelta(seconds=30), times=[], next_times=[])

    return fill


def test_a_whole_visit_is_nine_choices_and_no_text(filled):
    form = filled(next=value_of(NOW + timedelta(days=1), "phone"))
    assert form.is_valid(), form.errors
    entry = form.entry()
    assert (entry["contact_made"], entry["topics"], entry["tags"]) == (True, ["livelihood"], [])
    assert (entry["next_channel"], entry["occurred_at"]) == ("phone", NOW)


def test_no_risk_answer_is_chosen_beforehand(house):
    form = ContactForm(members=members_of(house), now=NOW, times=[], next_times=[])
    for name in RISKS:
        assert "checked" not in str(form[name])


@pytest.mark.parametrize("channel", ["visit", "office", "accompany"])
@pytest.mark.parametrize("name", RISKS)
def test_face_to_face_every_risk_question_is_answered(filled, channel, name):
    assert name in filled(channel=channel, **{name: ""}).errors


@pytest.mark.parametrize("channel", ["phone", "message"])
def test_on_the_telephone_only_what_was_asked_is_answered(filled, channel):
    assert filled(channel=channel, **dict.fromkeys(RISKS, "")).is_valid()


def test_a_no_to_violence_before_others_does_not_count(filled, house):
    both = [member.person.case_number for member in members_of(house)[:2]]
    assert "asked_violence" in filled(people=both, asked_violence="no").errors
    assert filled(people=both, asked_violence="no", alone="on").is_valid()
    assert filled(people=both, asked_violence="not_asked").is_valid()


def test_a_yes_to_violence_is_always_taken(filled, house):
    both = [member.person.case_number for member in members_of(house)[:2]]
    form = filled(people=both, asked_violence="yes")
    assert form.is_valid()
    assert (form.entry()["tags"], form.entry()["alone"]) == (["violence"], False)


def test_a_yes_becomes_a_tag(filled):
    form = filled(asked_self_harm="yes", asked_child="yes", asked_basics="yes", missing=["no_heat_power"])
    assert form.is_valid()
    assert form.entry()["tags"] == ["self_harm", "child_harm", "no_heat_power"]


def test_missing_basics_are_named(filled):
    assert "missing" in filled(asked_basics="yes").errors


def test_an_attempt_asks_only_how_it_ended(filled):
    assert "outcome" in filled(met="no", people=[], **dict.fromkeys(RISKS, "")).errors
    form = filled(met="no", people=[], outcome="no_answer", signs=["mail_piled", "no_light"], left=["left_note"])
    assert form.is_valid(), form.errors
    entry = form.entry()
    assert entry["seen"] == "no_answer mail_piled no_light left_note"
    assert (entry["contact_made"], entry["topics"], entry["asked_self_harm"], form.people_met()) == (False, [], "", [])


@pytest.mark.parametrize(
    ("channel", "outcome", "tag"),
    [("phone", "number_invalid", "number_invalid"), ("visit", "others_live_there", "address_mismatch")],
)
def test_what_an_attempt_says_about_number_and_address_is_a_tag(filled, channel, outcome, tag):
    form = filled(met="no", channel=channel, outcome=outcome)
    assert form.is_valid()
    assert form.entry()["tags"] == [tag]


def test_the_future_cannot_be_recorded_and_the_next_contact_lies_ahead(filled):
    assert "at" in filled(at=value_of(NOW + timedelta(hours=1))).errors
    past = value_of(NOW - timedelta(hours=1), "phone")
    assert "next" in filled(next=past).errors


@pytest.mark.parametrize("nonsense", ["", "yesterday", "2026-13-45T99:99", "2026-11-19T10:00"])
def test_a_time_that_is_none_is_refused(filled, nonsense):
    assert "at" in filled(at=nonsense).errors


def test_somebody_of_another_household_cannot_be_chosen(filled):
    assert "people" in filled(people=["7QX4-1DTM-5"]).errors


def test_opening_a_record_for_correction_and_saving_it_changes_nothing(house, kim):
    contact = ContactFactory(
        household=house,
        recorded_by=kim,
        occurred_at=NOW,
        risk_free=True,
        tags=["no_food", "job_loss"],
        asked_basics="yes",
    )
    initial = {k: v for k, v in initial_of(contact).items() if v not in (None, "")}
    local = timezone.localtime(contact.occurred_at).strftime("%Y-%m-%dT%H:%M")
    data = {**initial, "other_at": local, "tried_minutes": ""}
    form = ContactForm(data, members=members_of(house), now=NOW + timedelta(seconds=30), times=[], next_times=[])
    assert form.is_valid(), form.errors
    assert all(getattr(contact, name) == value for name, value in form.entry().items())
