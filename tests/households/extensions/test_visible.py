"""Who sees a request: the centre of the person, the Ministry from its submission, the office that asks or was asked."""

from datetime import timedelta

import pytest

from households.extensions import deciding, shown
from households.models import ExtensionRequest, LocalOpinion, Objection, RequestEvidence, RequestGround, Sitting
from tests.factories import ShareFactory, UserFactory
from tests.households.extensions.conftest import ground

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


def test_a_share_opens_the_request_and_its_end_closes_it(cast, at):
    at("draft")
    share = ShareFactory(household=cast.household, to_user=cast.stranger)
    assert seen_by(cast.stranger)
    share.end(by=cast.boss, now=cast.now - timedelta(seconds=1))
    assert not seen_by(cast.stranger)


def test_sittings_are_the_ministrys(cast, at):
    at("agenda")
    assert Sitting.objects.visible_to(cast.first).exists()
    assert not Sitting.objects.visible_to(cast.worker).exists()
