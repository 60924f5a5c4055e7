"""Jobs, schooling and treatments: recorded, put right, ended, taken back; who may read them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from households.actions import Refused
from households.models import Job, NothingCame, Schooling, Treatment
from households.outcomes.actions import correct_outcome, record_outcome, say_nothing_came, source_of, withdraw_outcome
from households.outcomes.shown import months_kept
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of

JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "own", "incentive": "unknown"}


@pytest.fixture
def job(people, kim, today):
    return record_outcome(Job, people[0], by=kim, now=timezone.now(), began_on=today - timedelta(days=400), **JOB)


def form_of(person, today, **more):
    about = {**JOB, "public_sector": "no", "who": person.case_number, "began_on": today.isoformat(), "key": uuid4()}
    return about | {"ended_on": "", "end_why": "", "source": ""} | more


def url(house, name="outcome", **query):
    return reverse(f"households:{name}", args=[house.number]) + (
        "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    )


def edit(house, fact, verb="edit"):
    return reverse(f"households:outcome_{verb}", args=[house.number, fact._meta.model_name, fact.fact_id])


def test_how_long_a_job_was_kept_is_whole_months_its_last_day_included():
    job = Job(began_on=date(2025, 8, 31), ended_on=date(2026, 2, 27))
    assert months_kept(job, date(2026, 6, 1)) == 6
    assert months_kept(Job(began_on=date(2025, 8, 31)), date(2025, 9, 15)) == 0
    assert months_kept(Job(began_on=date(2025, 1, 1), ended_on=date(2025, 12, 31)), date(2026, 1, 1)) == 12
    assert months_kept(Job(began_on=date(2025, 1, 1), ended_on=date(2025, 12, 31)), date(2025, 3, 1)) == 2


def test_recording_a_job_lands_once_and_looking_is_logged(enter, kim, house, people, today):
    client, asked = enter(kim), form_of(people[0], today)
    for _twice in range(2):
        assert client.post(url(house), asked).status_code == 302
    assert Job.objects.count() == 1
    text = client.get(url(house, "outcomes")).content.decode()
    assert "정금주" in text
    assert set(AccessLog.objects.latest("id").subjects) == {person.pk for person in people}
    assert Event.objects.filter(verb="outcome recorded").count() == 1


def test_a_referral_fills_the_form_in_and_its_number_stays_with_the_outcome(enter, kim, house, people, today):
    client = enter(kim)
    number = make_source()
    address = url(house, kind="job", who=people[1].case_number, **{"from": number})
    form = client.get(address).context["form"]
    assert (form["found"].value(), form["who"].value(), form["source"].value()) == (
        "referral",
        people[1].case_number,
        number,
    )
    client.post(address, form_of(people[1], today, source=number, found="referral"))
    assert Job.objects.get().source == number


def make_source():
    from referrals.models.referral import new_referral_number

    return new_referral_number()


def test_what_is_no_number_of_a_referral_is_no_source():
    number = make_source()
    assert source_of(number.lower()) == number
    assert source_of(number.replace("-", "")) == number
    assert source_of("R-0000-0000-1") == ""
    assert source_of("R-RFB7-XR7X-Q") == "R-RFB7-XR7X-Q"
    assert source_of("<b>") == ""


def test_errors_stand_beside_the_field_and_nothing_typed_is_lost(enter, kim, house, people, today):
    asked = form_of(people[0], today + timedelta(days=3), employer="own")
    answer = enter(kim).post(url(house), asked | {"public_sector": "yes"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"began_on", "public_sector"}
    assert (today + timedelta(days=3)).isoformat() in text
    assert not Job.objects.exists()


def test_a_job_that_ended_says_why(enter, kim, house, job, today):
    client = enter(kim)
    asked = form_of(job.person, today, began_on=job.began_on.isoformat(), ended_on=today.isoformat(), version=job.pk)
    assert client.post(edit(house, job), asked).status_code == 422
    assert client.post(edit(house, job), asked | {"end_why": "term"}).status_code == 302
    now = Job.objects.current().get(fact_id=job.fact_id)
    assert (now.ended_on, now.end_why) == (today, "term")
    assert Job.objects.count() == 2


def test_two_put_a_job_right_at_once_and_the_second_is_told(job, kim, boss):
    now = timezone.now()
    said = {name: getattr(job, name) for name in ("began_on", "ended_on", "end_why", *JOB)}
    correct_outcome(job, by=kim, now=now, **{**said, "kind": "fixed_term"})
    with pytest.raises(Refused, match="먼저"):
        correct_outcome(job, by=boss, now=now, **{**said, "kind": "day_labour"})
    assert Job.objects.current().get().kind == "fixed_term"


def test_the_author_takes_a_mistake_back_within_a_day_and_twice_changes_nothing(job, kim, boss):
    with pytest.raises(Refused):
        withdraw_outcome(job, by=boss, now=timezone.now())
    for _twice in range(2):
        withdraw_outcome(job, by=kim, now=timezone.now())
    assert not Job.objects.current().exists()
    assert Event.objects.filter(verb="outcome withdrawn").count() == 1


def test_the_database_refuses_what_does_not_fit_together(people, kim, today):
    wrong = (
        {**JOB, "began_on": today, "ended_on": today - timedelta(days=1), "end_why": "term"},
        {**JOB, "began_on": today, "end_why": "term"},
        {**JOB, "began_on": today, "employer": "own", "public_sector": True},
    )
    for said in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(person=people[0], recorded_by=kim, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Schooling.objects.create(person=people[0], kind="school", level="high", began_on=today, result="left")


def test_a_treatment_is_read_by_those_who_read_screenings_and_by_no_share(people, house, kim, boss, stranger, today):
    made = record_outcome(
        Treatment, people[0], by=kim, now=timezone.now(), kind="mental", place="clinic", began_on=today
    )
    other = UserFactory(agency=kim.agency)
    ShareFactory(household=house, to_user=stranger)
    seen = [user.name for user in (kim, boss, other, stranger) if Treatment.objects.visible_to(user).exists()]
    assert seen == [kim.name, boss.name]
    assert "mental" not in str(Event.objects.get(subject_id=people[0].pk, verb="outcome recorded").data)
    assert made.source == ""


def test_a_share_opens_no_outcome(enter, house, job, stranger):
    ShareFactory(household=house, to_user=stranger)
    client = enter(stranger)
    assert not Job.objects.visible_to(stranger).exists()
    assert client.get(url(house, "outcomes")).status_code == 404
    assert client.get(url(house)).status_code == 404
    assert client.get(edit(house, job)).status_code == 404
    assert client.post(edit(house, job, "withdraw")).status_code == 404
    assert client.get(url(house, "outcome_none")).status_code == 404


def test_taking_back_refuses_get(enter, house, job, kim):
    assert enter(kim).get(edit(house, job, "withdraw")).status_code == 405


def test_an_unknown_kind_leads_nowhere(enter, house, kim):
    assert enter(kim).get(url(house, kind="gold")).status_code == 404


def test_of_a_referral_nothing_is_to_be_recorded_said_twice_is_said_once(enter, house, kim):
    number, client = make_source(), enter(kim)
    address = url(house, "outcome_none", **{"from": number})
    assert number in client.get(address).content.decode()
    for _twice in range(2):
        assert client.post(address, {"source": number, "why": "advice"}).status_code == 302
    assert NothingCame.objects.get().why == "advice"
    assert client.post(address, {"source": number, "why": ""}).status_code == 422
    with pytest.raises(Refused):
        say_nothing_came(house, source="R-1", why="advice", by=kim)


def test_the_page_of_all_asks_the_same_for_two_and_for_twenty(enter, kim, django_assert_max_num_queries, today):
    few, many = (HouseholdFactory(worker=kim, members=2) for _n in range(2))
    for home, number in ((few, 2), (many, 20)):
        for n in range(number):
            said = JOB | {"began_on": today - timedelta(days=n + 1)}
            record_outcome(Job, members_of(home)[0], by=kim, now=timezone.now(), **said)
    client, counts = enter(kim), []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url(few, "outcomes"))
    for home in (few, many):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(home, "outcomes")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_without_outcomes_the_page_says_so(enter, kim, house):
    text = enter(kim).get(url(house, "outcomes")).content.decode()
    assert text.count('class="small muted"') >= 3
