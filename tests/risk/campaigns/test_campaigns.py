"""A survey asks everybody whom its filter names, once; who does not answer goes on into the steps of contact."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import Agency
from households.actions.refusal import Refused
from households.ladder import ladder
from households.models import Contact
from risk.campaigns import deeds
from risk.campaigns.counts import asking_of, counts_by_centre, to_ask
from risk.campaigns.population import Criteria
from risk.models import Campaign, CampaignAnswer, CampaignHousehold
from tests.factories import CentreFactory, UserFactory
from tests.factories.standings import stands
from tests.factories.surveys import answered, frozen, home, met, planned, stated, today
from tests.harness.racing import at_once


@pytest.mark.django_db
def test_freezing_writes_everybody_in_one_statement_with_centre_band_and_scope(ministry, worker, centre):
    asked, poor, earning = home(worker, 4), home(worker, 3), home(worker, 1)
    stated(poor, "benefit", "receiving", "livelihood")
    stated(earning, "employment", "employed")
    stated(asked, "benefit", "refused", "livelihood")
    draft = planned(ministry)
    with CaptureQueriesContext(
        connection,
    ) as asked_of:
        campaign = deeds.freeze(draft, by=ministry, now=timezone.now(), on=today())
    written = [q["sql"] for q in asked_of if "INTO risk_campaignhousehold" in q["sql"]]
    assert len(written) == 1
    assert (campaign.status, campaign.population, campaign.frozen_on) == ("running", 3, today())
    rows = CampaignHousehold.objects.filter(campaign=campaign).order_by("household")
    assert list(rows.values_list("household", "center", "band", "in_scope", "out_reason")) == [
        (asked.pk, centre.pk, 4, True, ""),
        (poor.pk, centre.pk, 3, False, "benefit"),
        (earning.pk, centre.pk, 1, False, "job"),
    ]


@pytest.mark.django_db
def test_whoever_comes_later_or_moves_away_changes_nothing_of_the_frozen(ministry, worker, centre):
    first = home(worker)
    campaign = frozen(ministry)
    home(worker)
    first.responsibility_set.current().update(superseded_at=timezone.now())
    stands(first, 1)
    kept = CampaignHousehold.objects.get(campaign=campaign)
    assert (kept.household_id, kept.center_id, kept.band) == (first.pk, centre.pk, 4)


@pytest.mark.django_db
def test_an_empty_population_is_refused_and_the_draft_stays(ministry):
    draft = planned(ministry, Criteria(bands=(5,)))
    with pytest.raises(Refused, match="조사할 대상이 없습니다"):
        deeds.freeze(draft, by=ministry, now=timezone.now(), on=today())
    draft.refresh_from_db()
    assert (draft.status, draft.population) == ("draft", None)


@pytest.mark.django_db
def test_a_survey_is_planned_once_by_one_key_and_frozen_once(ministry, worker):
    home(worker)
    key = uuid4()
    draft = planned(ministry, client_key=key)
    assert planned(ministry, client_key=key) == draft
    campaign = deeds.freeze(draft, by=ministry, now=timezone.now(), on=today())
    with pytest.raises(Refused, match="그사이"):
        deeds.freeze(campaign, by=ministry, now=timezone.now(), on=today())
    assert CampaignHousehold.objects.count() == 1


@pytest.mark.django_db
def test_a_last_day_in_the_past_is_refused(ministry, worker):
    home(worker)
    with pytest.raises(Refused, match="이미 지났습니다"):
        planned(ministry, reply_by=today() - timedelta(days=1))
    draft = planned(ministry)
    with pytest.raises(Refused, match="이미 지났습니다"):
        deeds.freeze(draft, by=ministry, now=timezone.now(), on=today() + timedelta(days=30))


@pytest.mark.django_db
def test_who_opens_what(ministry, head, worker):
    home(worker)
    other = home(UserFactory(agency=CentreFactory()))
    assert frozen(ministry).agency_id is None
    own = frozen(head)
    assert own.agency_id == head.agency_id
    assert other.pk not in own.households.values_list("household", flat=True), "only the own centre"
    for stranger in (worker, UserFactory(role="supervisor"), UserFactory(role="foundation_officer")):
        with pytest.raises(PermissionDenied):
            planned(stranger)
    for stranger in (ministry, UserFactory(role="centre_head"), worker):
        with pytest.raises(PermissionDenied):
            deeds.close(own, by=stranger, now=timezone.now())
    assert deeds.close(own, by=head, now=timezone.now()).status == "closed"


@pytest.mark.django_db
def test_who_sees_which_survey(ministry, head, worker):
    home(worker)
    draft, own_draft = planned(ministry), planned(head)
    elsewhere = UserFactory(role="centre_head")
    town = UserFactory(role="town_worker")

    def seen(user):
        return set(Campaign.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(ministry) == {draft.pk}
    assert seen(head) == {own_draft.pk}
    assert seen(worker) == seen(elsewhere) == seen(town) == set()
    for campaign, by in ((draft, ministry), (own_draft, head)):
        deeds.freeze(campaign, by=by, now=timezone.now(), on=today())
    assert seen(ministry) == {draft.pk}
    assert seen(UserFactory(role="foundation_officer")) == {draft.pk}
    assert seen(head) == seen(worker) == {draft.pk, own_draft.pk}
    assert seen(elsewhere) == {draft.pk}
    assert seen(town) == set()
    assert list(to_ask(draft, elsewhere)) == []
    assert to_ask(draft, worker).count() == 1


@pytest.mark.django_db
def test_an_answer_stands_under_its_contact_and_lands_once(ministry, worker):
    found = home(worker)
    campaign, key = frozen(ministry), uuid4()
    first = answered(campaign, found, worker, key=key, in_crisis=True, services=["local", "centre"])
    assert answered(campaign, found, worker, key=key) == first
    with pytest.raises(Refused, match="이미 응답"):
        answered(campaign, found, worker)
    contact = Contact.objects.get()
    assert (first.contact_fact_id, contact.contact_made) == (contact.fact_id, True)
    assert not to_ask(campaign, worker)
    (row,) = counts_by_centre(campaign)
    assert [row[step] for step in ("population", "in_scope", "checked", "in_crisis", "served", "waiting")] == [
        1, 1, 1, 1, 1, 0,
    ]  # fmt: skip
    assert (row["local"], row["centre"], row["private"]) == (1, 1, 0)


@pytest.mark.django_db
def test_only_known_words_are_answers(ministry, worker):
    found = home(worker)
    campaign = frozen(ministry)
    with pytest.raises(Refused):
        answered(campaign, found, worker, needs=["money for rent"])
    assert not Contact.objects.exists(), "all or nothing"
    with pytest.raises(IntegrityError):
        CampaignAnswer.objects.create(
            campaign=campaign, household=found, contact_fact_id=1, in_crisis=False, needs=["x"], client_key=uuid4()
        )


@pytest.mark.django_db
def test_who_is_not_asked_cannot_answer(ministry, worker):
    found, poor = home(worker), home(worker)
    stated(poor, "benefit", "receiving", "medical")
    campaign = frozen(ministry)
    with pytest.raises(Refused, match="이번 조사 대상이 아닙니다"):
        answered(campaign, poor, worker)
    closed = deeds.close(campaign, by=ministry, now=timezone.now())
    with pytest.raises(Refused, match="진행 중인 조사가 아닙니다"):
        answered(closed, found, worker)
    assert not CampaignAnswer.objects.exists()


@pytest.mark.django_db
def test_nobody_met_is_an_attempt_and_the_steps_of_contact_go_on(ministry, worker):
    found = home(worker)
    campaign, key, now = frozen(ministry), uuid4(), timezone.now()
    for _ in range(2):
        deeds.tried(campaign, found, entry=met(now, contact_made=False), by=worker, client_key=key)
    attempts = Contact.objects.filter(household=found, contact_made=False)
    assert len(attempts) == 1
    steps = ladder(attempts, now=now)
    assert steps.attempts == 1
    assert steps.next.key == "call_2"
    (row,) = counts_by_centre(campaign)
    assert row["waiting"] == 1
    assert [asked.attempts for asked in to_ask(campaign, worker)] == [1], "an attempt is no answer"
    assert list(asking_of(found, worker)) == [campaign]


@pytest.mark.django_db
def test_each_centre_is_counted_for_itself(ministry, worker, centre):
    home(worker)
    other = UserFactory(agency=CentreFactory())
    found = [home(other), home(other)]
    campaign = frozen(ministry)
    answered(campaign, found[0], other)
    rows = {row["key"]: row for row in counts_by_centre(campaign)}
    assert (rows[centre.pk]["checked"], rows[other.agency_id]["checked"]) == (0, 1)
    assert [row["key"] for row in counts_by_centre(campaign, center=centre.pk)] == [centre.pk]


@pytest.mark.django_db
def test_the_database_keeps_what_was_frozen(ministry, worker):
    home(worker)
    frozen(ministry)
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE risk_campaignhousehold SET in_scope = true")


@pytest.mark.django_db
def test_raw_sql_does_not_pass_the_table_of_steps(ministry, worker):
    home(worker)
    campaign = frozen(ministry)
    with pytest.raises(Exception, match="Invalid transition"):
        Campaign.objects.filter(pk=campaign.pk).update(status="draft")


def test_two_who_freeze_and_two_who_answer_at_once(committed_db):
    officer = UserFactory(role="ministry_officer", agency=Agency.objects.filter(kind="ministry").first())
    worker = UserFactory(role="case_manager", agency=CentreFactory())
    found = home(worker)
    draft = planned(officer)
    froze, told = at_once(*[lambda: deeds.freeze(draft, by=officer, now=timezone.now(), on=today())] * 2)
    assert (len(froze), [isinstance(one, Refused) for one in told]) == (1, [True])
    campaign = Campaign.objects.get()
    assert (campaign.population, CampaignHousehold.objects.count()) == (1, 1)
    gave, told = at_once(*[lambda: answered(campaign, found, worker)] * 2)
    assert (len(gave), [isinstance(one, Refused) for one in told]) == (1, [True])
    assert (CampaignAnswer.objects.count(), Contact.objects.count()) == (1, 1)
