"""What a supervisor acts on: second looks, absences, the evaluation, centres with nobody who decides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.touched import Touched
from households.actions import record_absence
from households.models import Absence, Assignment
from risk.models import Endorsement, Feed, Review, SearchEnd, Sweep
from tests.factories import AttemptFactory, CentreFactory, ContactFactory, HouseholdFactory, UserFactory
from tests.factories.standings import flagged, stands

DESK = "/centre/"
ABSENCES = "/centre/absences/"
AGAIN = "/centre/again/"


def today():
    return seoul_day(timezone.now())


def shown(client, user, url=DESK):
    client.force_login(user)
    return client.get(url)


@pytest.fixture
def head(centre):
    return UserFactory(agency=centre, role="centre_head", name="구센터")


def lowered(household, by, **said):
    values = {"decision": "adjust", "band": 2, "machine_band": 4, "reason": "안정됨", "decided_on": today(), **said}
    return Review.objects.create(household=household, review_on=today() + timedelta(days=20), recorded_by=by, **values)


def test_decisions_that_lower_high_wait_on_the_desk_until_somebody_else_agrees(client, supervisor, head, worker):
    household = HouseholdFactory(worker=worker, members=["낮춤"])
    stands(household, 4)
    made = lowered(household, supervisor)
    lowered(household, supervisor, band=5)
    flag = flagged(household)
    lowered(household, supervisor, decision="dismiss", band=None, flag=flag)
    AttemptFactory(household=household)
    ended(household, supervisor)
    assert [row["item"].mine for row in shown(client, supervisor).context["second"]] == [True] * 3
    rows = shown(client, head).context["second"]
    assert [row["title"].name for row in rows] == ["낮춤"] * 3
    for row in rows:
        assert client.post(row["item"].agree).status_code == 302
    assert Endorsement.objects.filter(review=made, recorded_by=head).exists()
    assert shown(client, head).context["second"] == []


def ended(household, by, **said):
    values = {"reason": "met", "evidence": "관악구청 김주무관이 직접 만남", "machine_band": 4, **said}
    return SearchEnd.objects.create(household=household, recorded_by=by, decided_on=today(), **values)


def test_the_second_person_reads_the_reason_and_the_evidence_where_the_button_is(client, supervisor, head, worker):
    household = HouseholdFactory(worker=worker)
    stands(household, 4)
    AttemptFactory(household=household)
    lowered(household, supervisor, reason="어머니와 함께 지내기 시작함")
    ended(household, supervisor)
    page = shown(client, head).content.decode()
    for words in ("어머니와 함께 지내기 시작함", "관악구청 김주무관이 직접 만남", "다른 기관 직원이"):
        assert words in page
    assert reverse("risk:end_search", args=[household.number]) in page
    assert reverse("risk:review", args=[household.number]) in page


def test_the_end_of_a_search_that_is_over_by_itself_waits_for_nobody(client, supervisor, head, worker, swept):
    household = HouseholdFactory(worker=worker)
    AttemptFactory(household=household, occurred_at=timezone.now() - timedelta(days=3))
    ended(household, supervisor)
    swept()
    assert len(shown(client, head).context["second"]) == 1
    ContactFactory(household=household, occurred_at=timezone.now())
    swept()
    assert shown(client, head).context["second"] == []
    AttemptFactory(household=household, occurred_at=timezone.now())
    swept()
    assert shown(client, head).context["second"] == [], "what was tried later is not what was decided about"


def test_every_decision_is_shown_however_many_wait(client, supervisor, head, worker):
    household = HouseholdFactory(worker=worker)
    stands(household, 4)
    for number in range(60):
        lowered(household, supervisor, reason=f"사유 {number}")
    rows = shown(client, head).context["second"]
    assert [row["item"].reason for row in rows] == [f"사유 {number}" for number in range(60)]


def test_another_centres_decisions_are_not_on_the_desk(client, supervisor):
    other = UserFactory(role="supervisor")
    household = HouseholdFactory(center=other.agency)
    stands(household, 4)
    lowered(household, other)
    assert shown(client, supervisor).context["second"] == []


def absence(worker, substitute, **days):
    first = days.get("first", today())
    last = days.get("last", today() + timedelta(days=4))
    return {
        "worker": worker.pk,
        "substitute": substitute.pk if substitute else "",
        "first": first.isoformat(),
        "last": last.isoformat(),
        "kind": "leave",
    }


def test_an_absence_gives_the_households_to_the_substitute_and_stands_on_the_desk(client, supervisor, worker, centre):
    lee = UserFactory(agency=centre, name="이대신")
    household = HouseholdFactory(worker=worker)
    client.force_login(supervisor)
    for _tap in range(2):
        assert client.post(ABSENCES, absence(worker, lee)).headers["Location"] == ABSENCES
    assert Absence.objects.count() == 1
    assert Assignment.objects.current().get(household=household, kind="substitute").worker == lee
    (item,) = shown(client, supervisor).context["away"]
    assert (item.absence.worker, item.today, item.bare) == (worker, True, 0)
    assert shown(client, supervisor).context["team"]["gone"] == 0, "who has no standing household is not counted"


def test_households_without_a_substitute_are_counted(client, supervisor, worker, centre):
    stands(HouseholdFactory(worker=worker), 3)
    record_absence(worker, first=today(), last=today(), substitute=None, by=supervisor)
    answer = shown(client, supervisor)
    assert [item.bare for item in answer.context["away"]] == [1]
    assert answer.context["team"]["gone"] == 1
    assert "대신할 사람이 없음" in answer.content.decode()


def test_a_substitute_who_is_away_too_stands_in_for_nobody(client, supervisor, worker, centre):
    lee, park = UserFactory(agency=centre, name="이대신"), UserFactory(agency=centre, name="박셋째")
    house, other = HouseholdFactory(worker=worker), HouseholdFactory(worker=worker)
    record_absence(worker, first=today(), last=today() + timedelta(days=6), substitute=lee, by=supervisor)
    client.force_login(supervisor)
    gone = absence(lee, park, first=today() + timedelta(days=3), last=today() + timedelta(days=9))
    told = client.post(ABSENCES, gone, follow=True).content.decode()
    assert "이대신" in told
    assert "다른 사람을 지정해 주세요" in told
    items = {item.absence.worker: item for item in shown(client, supervisor).context["away"]}
    assert (items[worker].bare, items[worker].both) == (2, True), "not on the first day, but later"
    assert (items[lee].bare, items[lee].both) == (0, False)
    days = DateRange(today() + timedelta(days=3), today() + timedelta(days=7))
    Assignment.objects.create(household=house, worker=park, kind="substitute", during=days)
    items = {item.absence.worker: item for item in shown(client, supervisor).context["away"]}
    assert items[worker].bare == 1, "a third person has one of them on those days"
    assert "대신하는 사람도 자리를 비웁니다" in client.get(ABSENCES).content.decode()
    Assignment.objects.create(household=other, worker=park, kind="substitute", during=days)
    items = {item.absence.worker: item for item in shown(client, supervisor).context["away"]}
    assert items[worker].bare == 0


def test_back_earlier_by_the_button(client, supervisor, worker, centre):
    lee = UserFactory(agency=centre)
    household = HouseholdFactory(worker=worker)
    made = record_absence(worker, first=today(), last=today() + timedelta(days=9), substitute=lee, by=supervisor)
    url = reverse("desks:back", args=[made.fact_id])
    client.force_login(UserFactory(role="supervisor"))
    assert client.post(url).status_code == 404
    client.force_login(worker)
    assert client.post(url).status_code == 403
    client.force_login(supervisor)
    assert client.get(url).status_code == 405
    for _twice in range(2):
        assert client.post(url).status_code == 302
    assert (
        not Assignment.objects.current()
        .filter(household=household, kind="substitute", during__contains=today())
        .exists()
    )


def test_what_is_wrong_with_an_absence_is_said_on_the_form(client, supervisor, worker):
    client.force_login(supervisor)
    wrong = absence(worker, worker)
    answer = client.post(ABSENCES, wrong)
    assert answer.status_code == 422
    backwards = absence(worker, None, last=today() - timedelta(days=1))
    assert client.post(ABSENCES, backwards).status_code == 422
    assert not Absence.objects.exists()
    client.force_login(worker)
    assert client.get(ABSENCES).status_code == 403


def test_without_a_supervisor_at_work_the_head_is_told_and_so_is_the_administrator(client, head, worker, centre):
    assert "소장" in shown(client, head).content.decode() or not shown(client, head).context["leaders"]["supervisors"]
    other = CentreFactory(name_ko="빈 하나센터")
    UserFactory(agency=other)
    keeper = UserFactory(role="system_administrator", agency=None)
    assert [str(agency) for agency in shown(client, keeper, "/users/").context["leaderless"]] == ["빈 하나센터"]
    UserFactory(agency=other, role="supervisor")
    assert shown(client, keeper, "/users/").context["leaderless"] == []


def test_a_supervisor_who_is_away_decides_nothing(client, supervisor, head):
    assert shown(client, head).context["leaders"]["supervisors"] == [supervisor]
    record_absence(supervisor, first=today(), last=today(), substitute=None, by=head)
    assert shown(client, head).context["leaders"]["supervisors"] == []


def test_a_late_feed_and_a_missed_evaluation_say_whom_to_call_and_offer_a_button(client, supervisor):
    UserFactory(role="system_administrator", name="관리인", phone="02-000-1234")
    now = timezone.now()
    Sweep.objects.create(kind="full", on=today(), known_by=now, finished_at=now)
    Touched.objects.all().delete()
    calm = shown(client, supervisor).context["remedies"]
    assert (calm["again"], calm["upload"], calm["whom"]) == (False, "", [])
    Feed.objects.create(source="feed", name_ko="자료", last_received_on=today() - timedelta(days=90))
    Touched.objects.create(household_id=1, at=now - timedelta(hours=1))
    answer = shown(client, supervisor)
    assert answer.context["remedies"]["again"]
    assert answer.context["remedies"]["upload"]
    assert "02-000-1234" in answer.content.decode()


def test_run_again_asks_for_what_is_due_and_refuses_the_others(
    client, supervisor, worker, django_capture_on_commit_callbacks
):
    Touched.objects.create(household_id=1, at=timezone.now() - timedelta(hours=1))
    client.force_login(worker)
    assert client.post(AGAIN).status_code == 403
    client.force_login(supervisor)
    assert client.get(AGAIN).status_code == 405
    with django_capture_on_commit_callbacks() as rung:
        assert client.post(AGAIN).status_code == 302
    assert len(rung) == 1
    assert Event.objects.filter(verb="evaluation asked for").count() == 1


def test_there_is_nothing_to_run_again_where_the_list_is_up_to_date(client, supervisor):
    now = timezone.now()
    Sweep.objects.create(kind="full", on=today(), known_by=now, finished_at=now)
    Touched.objects.all().delete()
    client.force_login(supervisor)
    assert client.post(AGAIN).status_code == 302
    assert not Event.objects.filter(verb="evaluation asked for").exists()


@pytest.mark.parametrize("url", [DESK, ABSENCES, "/centre/reassign/"])
def test_the_number_of_questions_does_not_grow(client, supervisor, worker, centre, url):
    def fill(count):
        for _n in range(count):
            household = HouseholdFactory(worker=worker)
            stands(household, 4)
            AttemptFactory(household=household)
            lowered(household, supervisor)
            ended(household, supervisor)
            other = UserFactory(agency=centre)
            record_absence(other, first=today(), last=today(), substitute=worker, by=supervisor)

    def questions():
        with CaptureQueriesContext(connection) as caught:
            assert shown(client, supervisor, url).status_code == 200
        return len(caught)

    fill(1)
    questions()
    few = questions()
    fill(6)
    assert questions() == few
