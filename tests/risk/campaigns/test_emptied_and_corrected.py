"""Who is left out of a survey because nobody lives there, and answers that are put right."""

from uuid import uuid4

import pytest
from django.utils import timezone

from casework.audit.models import Event
from households.actions.refusal import Refused
from households.actions.verb import close
from households.models import Contact, Membership
from risk.campaigns import deeds
from risk.campaigns.counts import counts_by_centre, to_ask
from risk.campaigns.population import Criteria, population
from risk.models import CampaignAnswer, CampaignHousehold
from tests.factories import UserFactory
from tests.factories.standings import stands
from tests.factories.surveys import answered, frozen, home, today


@pytest.mark.django_db
def test_where_nobody_lives_any_more_nobody_is_asked_and_the_reason_is_counted(ministry, worker):
    found, left = home(worker), home(worker)
    stands(left, 1, address_protected=True)
    for stay in Membership.objects.current().filter(household=left):
        close(stay, on=today(), by=worker)
    campaign = frozen(ministry)
    assert campaign.population == 1
    kept = CampaignHousehold.objects.get(campaign=campaign, household=left)
    assert (kept.in_scope, kept.out_reason) == (False, "empty")
    (row,) = counts_by_centre(campaign)
    assert (row["population"], row["in_scope"], row["waiting"], row["emptied"]) == (1, 1, 1, 1)
    assert [asked.household for asked in to_ask(campaign, worker)] == [found]
    assert population(Criteria(), on=today()).count() == 1, "nor are they in the number that the draft shows"
    data = Event.objects.get(verb="survey frozen").data
    assert (data["households"], data["emptied"]) == (1, 1)


@pytest.mark.django_db
def test_where_nobody_at_all_lives_there_is_nobody_to_ask(ministry, worker):
    left = home(worker)
    for stay in Membership.objects.current().filter(household=left):
        close(stay, on=today(), by=worker)
    with pytest.raises(Refused, match="조사할 대상이 없습니다"):
        frozen(ministry)
    assert not CampaignHousehold.objects.exists()


@pytest.mark.django_db
def test_an_answer_is_corrected_by_a_version_and_the_later_one_counts(ministry, worker):
    found, colleague = home(worker), UserFactory(role="case_manager", agency=worker.agency)
    campaign, key = frozen(ministry), uuid4()
    first = answered(campaign, found, worker, key=key)
    said = {"needs": ["money"], "in_crisis": True, "services": ["local"]}
    with pytest.raises(Refused):
        deeds.correct_answer(first, by=colleague, **said)
    said["needs"] = ["economic"]
    for _tap in range(2):
        made = deeds.correct_answer(first, by=colleague, **said)
    assert (made.fact_id, made.contact_fact_id, made.recorded_by) == (first.fact_id, first.contact_fact_id, colleague)
    assert list(CampaignAnswer.objects.order_by("id").values_list("in_crisis", "superseded_at")) == [
        (False, made.known_at),
        (True, None),
    ]
    (row,) = counts_by_centre(campaign)
    assert (row["checked"], row["in_crisis"], row["served"], row["local"]) == (1, 1, 1, 1)
    with pytest.raises(Refused, match="그 사이에 기록이"):
        deeds.correct_answer(first, by=worker, needs=[], in_crisis=False, services=[])
    assert answered(campaign, found, worker, key=key) == made, "a late retry of the first tap changes nothing"
    assert Event.objects.filter(verb="survey answer corrected").count() == 1
    assert Contact.objects.count() == 1


@pytest.mark.django_db
def test_what_is_closed_is_corrected_no_more(ministry, worker):
    found = home(worker)
    campaign = frozen(ministry)
    given = answered(campaign, found, worker)
    deeds.close(campaign, by=ministry, now=timezone.now())
    fresh = CampaignAnswer.objects.get(pk=given.pk)
    with pytest.raises(Refused, match="진행 중인 조사가 아닙니다"):
        deeds.correct_answer(fresh, by=worker, needs=[], in_crisis=True, services=[])
