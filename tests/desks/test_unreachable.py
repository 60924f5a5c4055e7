"""Nobody out of reach: which step, who must act by when, what was tried; on every desk the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.agencies.models import User
from casework.clock import seoul_day
from households import actions
from households.models import PersonalProtection, SearchStep, Whereabouts
from risk.models import SearchAgreement, SearchEnd
from risk.reach.actions import agree_to_end, end_search
from tests.desks.test_steps import three_answers
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of, system
from tests.factories.standings import stands

URL = "/centre/"


def ago(**passed):
    return timezone.now() - timedelta(**passed)


@pytest.fixture
def lost(worker):
    """Three attempts on different days, the last of them four days ago, met nobody."""

    def make(name="안보임", band=4, **fields):
        household = HouseholdFactory(worker=worker, members=[name])
        stands(household, band, attempts=3, band_since=ago(days=9), **fields)
        ContactFactory(household=household, recorded_by=worker, occurred_at=ago(days=60))
        for days, channel in ((8, "phone"), (6, "phone"), (4, "visit")):
            AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=days), channel=channel)
        return household

    return make


def shown(client, user, url=URL):
    client.force_login(user)
    return client.get(url)


def test_the_supervisor_sees_who_is_out_of_reach_the_longest_overdue_first(client, supervisor, worker, lost):
    lost("먼저")
    fresh = HouseholdFactory(worker=worker, members=["방금"])
    stands(fresh, 3, attempts=1, band_since=ago(days=1))
    AttemptFactory(household=fresh, recorded_by=worker, occurred_at=ago(minutes=5), channel="phone")
    calm = HouseholdFactory(worker=worker, members=["한번"])
    stands(calm, 1, attempts=1)
    AttemptFactory(household=calm, recorded_by=worker, occurred_at=ago(days=3), channel="phone")
    answer = shown(client, supervisor)
    rows = answer.context["lost"]
    assert [row["title"].name for row in rows] == ["먼저", "방금"], "one call in vain below Moderate is no search"
    first = rows[0]["lost"]
    assert first.late
    assert first.with_supervisor, "the step is late: the supervisor acts"
    assert "방문 1, 전화 2" in first.tried
    assert first.proposal
    assert not rows[1]["lost"].late
    assert rows[1]["lost"].owner == "worker"
    assert (answer.context["lost_count"], answer.context["lost_late"]) == (2, 1)


def test_the_worker_sees_the_own_ones_and_the_household_page_says_the_same(client, worker, lost):
    household = lost()
    mine = shown(client, worker, "/today/")
    assert [row["title"].name for row in mine.context["lost"]] == ["안보임"]
    page = shown(client, worker, f"/households/{household.number}/").content.decode()
    assert mine.context["lost"][0]["lost"].proposal in page
    assert f"/households/{household.number}/whereabouts/" in page


def _spoken(household):
    ContactFactory(household=household, occurred_at=ago(days=1))


def _found(household):
    Whereabouts.objects.create(
        person=members_of(household)[0],
        where="hospital",
        evidence="office",
        words="병원 확인",
        observed_on=seoul_day(ago(days=1)),
        recorded_by=system(),
    )


def _decided(household):
    by = {"recorded_by": system()}
    end = SearchEnd.objects.create(
        household=household, reason="met", evidence="직접 만남", machine_band=4, decided_on=seoul_day(ago()), **by
    )
    SearchAgreement.objects.create(end=end, recorded_by=User.objects.exclude(pk=system().pk).earliest("pk"))


def _only_asked_for(household):
    SearchEnd.objects.create(
        household=household,
        reason="met",
        evidence="직접 만남",
        machine_band=4,
        decided_on=seoul_day(ago()),
        recorded_by=system(),
    )


@pytest.mark.parametrize(
    ("happened", "ends"), [(_spoken, True), (_found, True), (_decided, True), (_only_asked_for, False)]
)
def test_it_ends_by_a_talk_a_whereabouts_or_a_decision_on_every_desk(
    client, supervisor, worker, lost, swept, happened, ends
):
    household = lost()
    happened(household)
    swept()
    listed, mine, page = three_answers(worker, household)
    assert listed == mine == page
    assert (listed.kind == "contact") is ends
    assert (shown(client, supervisor).context["lost"] == []) is ends
    assert (shown(client, worker, f"/households/{household.number}/").context["steps"] is None) is ends


def test_whom_one_asked_leads_on_to_the_next_step(worker, lost):
    household = lost()
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=3), channel="visit")
    assert three_answers(worker, household)[0].key == "town"
    SearchStep.objects.create(
        household=household, step="town", whom="신림동", occurred_at=ago(days=2), recorded_by=system()
    )
    listed, mine, page = three_answers(worker, household)
    assert listed == mine == page
    assert listed.key == "police"


@pytest.mark.parametrize(("state", "words"), [("running", "경찰"), ("declined", "112")])
def test_without_a_protection_officer_the_step_goes_to_112_or_the_town(worker, lost, state, words):
    household = lost()
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=3), channel="visit")
    SearchStep.objects.create(
        household=household, step="town", whom="신림동", occurred_at=ago(days=2), recorded_by=system()
    )
    PersonalProtection.objects.create(
        person=members_of(household)[0], state=state, stated_on=seoul_day(ago(days=900)), recorded_by=system()
    )
    listed, mine, page = three_answers(worker, household)
    assert listed == mine == page
    assert words in listed.label
    assert listed.key == "police"


def test_that_an_officer_left_is_no_attempt(worker):
    household = HouseholdFactory(worker=worker)
    stands(household, 3)
    PersonalProtection.objects.create(
        person=members_of(household)[0], state="ended", stated_on=seoul_day(ago(days=9)), recorded_by=system()
    )
    assert {step.kind for step in three_answers(worker, household)} == {"contact"}


def test_after_every_step_the_supervisor_decides(client, supervisor, worker, lost):
    household = lost()
    for step in ("town", "police"):
        SearchStep.objects.create(
            household=household, step=step, whom="확인", occurred_at=ago(days=1), recorded_by=system()
        )
    AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=3), channel="visit")
    (row,) = shown(client, supervisor).context["lost"]
    assert row["lost"].ended
    assert row["lost"].with_supervisor
    assert "112" in row["lost"].step


def test_high_is_quicker_than_moderate(client, supervisor, worker):
    for name, band in (("고위험", 4), ("주의", 3)):
        household = HouseholdFactory(worker=worker, members=[name])
        stands(household, band, attempts=1, band_since=ago(days=3))
        AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=2), channel="phone")
    rows = {row["title"].name: row["lost"] for row in shown(client, supervisor).context["lost"]}
    assert rows["고위험"].late
    assert rows["고위험"].order < rows["주의"].order


def test_the_history_tells_of_the_search_to_those_who_look_after_the_household(client, supervisor, worker, lost):
    household = lost()
    person = members_of(household)[0]
    by = {"by": worker}
    actions.record_search_step(household, step="town", whom="신림동 김주무관", occurred_at=ago(hours=2), **by)
    actions.record_personal_protection(person, state="ended", stated_on=seoul_day(ago()), **by)
    stands(household, 4, attempts=3, band_since=ago(days=9))
    end = end_search(household, reason="met", evidence="구청 직원이 만남", by=supervisor, on=seoul_day(ago()))
    agree_to_end(end, by=UserFactory(role="centre_head", agency=supervisor.agency))
    said = {"where": "hospital", "evidence": "office", "words": "원무과", "observed_on": seoul_day(ago())}
    actions.record_whereabouts(person, **said, **by)
    page = shown(client, worker, f"/households/{household.number}/").content.decode()
    for words in ("신림동 김주무관", "신변보호: 끝남", "구청 직원이 만남", "소재 확인: 입원", "두 번째 사람이"):
        assert words in page
    guest = UserFactory(role="residence_officer")
    ShareFactory(household=household, to_user=guest)
    assert "신림동 김주무관" not in shown(client, guest, f"/households/{household.number}/").content.decode()
