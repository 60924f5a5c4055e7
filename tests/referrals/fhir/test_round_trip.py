"""A referral as a FHIR R4 Bundle: out and back in without a loss, and always valid FHIR."""

import json
from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.fhir.bundle import bundle_of
from referrals.fhir.reading import check_is_fhir, wire_in
from referrals.fhir.wire import Office, Result, Wire, wire_of
from referrals.models import DesiredOutcome, Referral
from referrals.states import FHIR, MOMENTS, NEEDS, Ground, Outcome, Status, Urgency, Waits
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import REACHED_BY, ReceiverFactory, ReferralFactory

NAMED = ("Patient", "Organization", "ServiceRequest", "Task", "Consent", "Provenance")
letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t")
texts = st.text(letters, max_size=60).filter(lambda text: text == "" or not text.isspace())
said = st.text(letters, min_size=1, max_size=60).filter(lambda text: not text.isspace())
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
member = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["head", "child"]),
        "age": st.none() | st.integers(0, 110),
        "about": st.booleans(),
        "sex": st.sampled_from("MFU"),
    }
)
days = st.dates(datetime(2000, 1, 1).date(), datetime(2090, 1, 1).date()).map(str)  # noqa: DTZ001
packets = st.fixed_dictionaries(
    {"v": st.just(1), "household": st.just("3FK-72M-8"), "ground": st.sampled_from(Ground.values)},
    optional={
        "about": st.just("person"),
        "members": st.lists(member, max_size=3),
        "head": texts,
        "phone": st.sampled_from(["", "010-0000-1234"]),
        "dwelling": st.fixed_dictionaries({"ko": texts, "en": texts, "town": texts}),
        **dict.fromkeys(("facts", "tried", "hoped", "health", "note"), said),
        "consent": st.none()
        | st.fixed_dictionaries({"from": days, "to": st.just("") | days})
        | st.fixed_dictionaries({"on": days}, optional={"until": days}),
        "desired": st.lists(st.fixed_dictionaries({"order": st.integers(1, 5), "text": said}), max_size=3),
    },
)
offices = st.builds(Office, id=st.integers(1, 10**12), name=said, kind=st.sampled_from(["city", "hana_center"]))


@st.composite
def wires(draw):
    about_household = draw(st.booleans())
    return Wire(
        number="R-7QX4-1DTM-5",
        status=draw(st.sampled_from(Status.values)),
        need=draw(st.sampled_from([need for need, _label in NEEDS])),
        urgency=draw(st.sampled_from(Urgency.values)),
        title=draw(said),
        request=draw(said),
        sender=draw(offices),
        receiver=draw(offices),
        written_at=draw(moments),
        subject="3FK-72M-8" if about_household else "7QX4-1DTM-5",
        about_household=about_household,
        packet=draw(packets),
        outcome=draw(st.sampled_from(["", *Outcome.values])),
        outcome_text=draw(texts),
        reason=draw(texts),
        waits_for=draw(st.sampled_from(["", *Waits.values])),
        results=tuple(
            Result(order, draw(st.sampled_from(Outcome.values)), draw(texts))
            for order in range(1, draw(st.integers(1, 4)))
        ),
        moments=tuple((name, draw(moments)) for name in MOMENTS if draw(st.booleans())),
        closed=draw(st.booleans()),
    )


def through_json(bundle):
    return json.loads(json.dumps(bundle, ensure_ascii=False))


@settings(max_examples=60, deadline=None)
@given(wires())
def test_any_referral_comes_back_as_it_went_out(wire):
    bundle = through_json(bundle_of(wire))
    assert wire_in(bundle) == wire
    assert bundle_of(wire_in(bundle)) == bundle
    check_is_fhir(bundle)


@pytest.mark.django_db
@pytest.mark.parametrize("stands", REACHED_BY)
def test_a_referral_in_every_state_comes_back_exactly_and_is_valid_fhir(stands):
    sender, receiver = UserFactory(), ReceiverFactory()
    household = HouseholdFactory(worker=sender, members=["정금주", "정유나"], person_phone="010-0000-1234")
    made = ReferralFactory(
        sender=sender,
        receiver=receiver,
        household=household,
        stands=stands,
        sections=("members", "head", "dwelling", "phone"),
        person=members_of(household)[0] if stands in ("sent", "closed") else None,
        health="당뇨",
    )
    DesiredOutcome.objects.create(referral=made, order=1, text="상담", result="partial", result_text="한 번")
    referral = Referral.objects.get(pk=made.pk)
    for user in (sender, receiver):
        wire = wire_of(referral, user)
        bundle = through_json(bundle_of(wire))
        valid = Bundle.model_validate(bundle)
        kinds = [entry.resource.get_resource_type() for entry in valid.entry]
        assert set(kinds) == set(NAMED)
        assert kinds.count("Organization") == 2
        assert wire_in(bundle) == wire
        assert bundle_of(wire_in(bundle)) == bundle
        task = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Task")
        assert (task["status"], task["businessStatus"]["coding"][0]["code"]) == FHIR[Status(stands)]


@pytest.mark.django_db
def test_the_bundle_holds_no_more_of_a_person_than_the_packet():
    sender = UserFactory()
    household = HouseholdFactory(worker=sender, members=["정금주"], person_phone="010-0000-1234")
    made = ReferralFactory(sender=sender, household=household, sections=("members",))
    text = json.dumps(bundle_of(wire_of(Referral.objects.get(pk=made.pk), sender)), ensure_ascii=False)
    person = members_of(household)[0]
    assert household.number in text
    for secret in ("정금주", "010-0000-1234", "관악", person.case_number, '"subjects"'):
        assert secret not in text


def test_the_words_for_where_it_stands_are_one_to_one():
    assert len(set(FHIR.values())) == len(FHIR) == len(Status)
