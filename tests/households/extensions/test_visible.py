"""Who sees a request: the centre of the person, the Ministry from its submission, the office that asks or was asked."""

from datetime import timedelta

import pytest

from casework.workflow import NotYours
from households.extensions import deciding, drafting, shown
from households.extensions.workflow import REQUEST
from households.models import (
    EndStep,
    ExtensionRequest,
    LocalOpinion,
    Objection,
    Person,
    RequestEvidence,
    RequestGround,
    Sitting,
)
from tests.factories import AgencyFactory, ShareFactory, UserFactory
from tests.households.extensions.conftest import PLACE, ground

pytestmark = pytest.mark.django_db


def seen_by(user):
    return ExtensionRequest.objects.visible_to(user).exists()


def test_a_draft_stays_at_the_centre_and_the_ministry_sees_it_from_submission_on(cast, at):
    request = at("draft")
    assert [seen_by(one) for one in (cast.worker, cast.boss)] == [True, True]
    assert [seen_by(one) for one in (cast.first, cast.officer, cast.stranger)] == [False, False, False]
    ExtensionRequest.objects.filter(pk=request.pk).update(submitted_at=cast.now)
    assert seen_by(cast.first)
    assert not seen_by(cast.officer)


def test_a_local_government_sees_its_own_request_and_no_other_office_does(cast, at):
    at("submitted", by=cast.officer)
    assert seen_by(cast.officer)
    assert not seen_by(UserFactory(agency__kind="city", role="residence_officer"))
    assert not seen_by(UserFactory(agency=cast.office, role="town_worker"))
    assert seen_by(cast.worker)


def test_who_is_asked_for_an_opinion_sees_the_minimum(cast, at):
    request = at("received", grounds=[ground("SEVERE_ILLNESS"), ground("VIOLENCE_VICTIM")])
    deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)
    assert seen_by(cast.officer)
    assert LocalOpinion.objects.visible_to(cast.officer).exists()
    assert not ExtensionRequest.objects.read_by(cast.officer).exists()
    for model in (RequestGround, RequestEvidence, Objection):
        assert not model.objects.visible_to(cast.officer).exists()
    page = shown.page_of(request, cast.officer, cast.now)
    assert "grounds" not in page
    assert page["full"] is False


def test_what_the_register_says_is_for_the_centre_and_of_given_grounds_for_the_ministry(cast, at):
    request = at("received", grounds=[ground("ELDERLY"), ground("OTHER")])

    def of(user, centre):
        return {row["ground"].code: row["met"] for row in shown.grounds_of(request, user, cast.on, centre=centre)}

    assert len(of(cast.worker, True)) == 9
    ministry = of(cast.first, False)
    assert set(ministry) == {"ELDERLY", "OTHER"}
    assert ministry["ELDERLY"].state == "yes"
    assert set(of(cast.officer, False).values()) == {None}


@pytest.mark.parametrize("status", ["decided", "told", "withdrawn"])
def test_once_it_is_settled_the_register_is_not_asked_for_the_ministry(cast, at, status):
    if status == "withdrawn":
        request = drafting.withdraw(
            at("received", grounds=[ground("ELDERLY")]), by=cast.first, now=cast.now, reason="본인 뜻"
        )
    else:
        request = at(status, grounds=[ground("ELDERLY")])
    rows = shown.grounds_of(request, cast.first, cast.on, centre=False)
    assert [(row["ground"].code, row["met"]) for row in rows] == [("ELDERLY", None)]
    assert shown.grounds_of(request, cast.worker, cast.on, centre=True)[0]["met"].state == "yes"


def test_a_share_opens_neither_the_request_nor_what_was_done_before_the_end(cast, at):
    at("draft")
    last = cast.on + timedelta(days=60)
    EndStep.objects.create(person=cast.person, last_day=last, step="review", done_on=cast.on, result="wanted")
    for stranger in (cast.stranger, cast.first):
        ShareFactory(household=cast.household, to_user=stranger)
        assert Person.objects.visible_to(stranger).exists()
        assert not seen_by(stranger)
        assert not EndStep.objects.visible_to(stranger).exists()
    assert EndStep.objects.visible_to(cast.worker).exists()


def test_an_office_sees_its_own_opinion_alone(cast, at):
    request = at("received")
    other = UserFactory(agency=AgencyFactory(kind="city", covers=[PLACE]), role="residence_officer")
    for agency in (cast.office, other.agency):
        deciding.ask_opinion(request, agency=agency, by=cast.first, now=cast.now)
    seen = lambda user: [row["opinion"].agency for row in shown.opinions_of(request, user, cast.on)]  # noqa: E731
    assert seen(cast.officer) == [cast.office]
    assert seen(other) == [other.agency]
    assert seen(cast.worker) == seen(cast.first) == [cast.office, other.agency]
    mine = LocalOpinion.objects.get(agency=cast.office)
    deciding.give_opinion(mine, words="연장이 필요합니다.", by=cast.officer, now=cast.now)
    assert [row["ours"] for row in shown.lists_of(cast.officer, cast.on)["rows"]] == [False]


def test_an_office_acts_on_its_request_only_while_the_person_stands_in_its_register(cast, at):
    request = at("signed", by=cast.officer)
    assert {step.verb for step in REQUEST.open_to(request, cast.officer)} == {"rewrite", "submit", "withdraw"}
    cast.office.jurisdictions.all().delete()
    assert seen_by(cast.officer)
    assert REQUEST.open_to(request, cast.officer) == []
    with pytest.raises(NotYours):
        drafting.submit(request, by=cast.officer, now=cast.now)


def test_sittings_are_the_ministrys(cast, at):
    at("agenda")
    assert Sitting.objects.visible_to(cast.first).exists()
    assert not Sitting.objects.visible_to(cast.worker).exists()
