"""What runs of somebody who died or left the household: listed, ended on a page, never after that day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from households.actions import Refused
from households.actions.circle import move_person
from households.actions.death import record_death
from households.models import Job, Membership, Residence, Schooling, Treatment
from households.outcomes.actions import correct_outcome, record_outcome
from households.outcomes.former import former_of, until_of
from tests.factories import HouseholdFactory
from tests.factories.data_requests import restriction

JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "own", "incentive": "unknown"}
DAY = timedelta(days=1)


@pytest.fixture
def job(people, kim, today):
    return record_outcome(Job, people[1], by=kim, now=timezone.now(), began_on=today - 400 * DAY, **JOB)


def page(house, name="outcomes", *more):
    return reverse(f"households:{name}", args=[house.number, *more])


def ending(job, **more):
    plain = {**JOB, "public_sector": "no", "key": uuid4(), "version": job.pk, "source": ""}
    return plain | {"began_on": job.began_on.isoformat(), "end_why": "died"} | more


def gone(person, day, by):
    """The person's membership ended on a day, and nobody knows where they live."""
    for held in Membership.objects.current().filter(person=person):
        move = {"during": type(held.during)(held.during.lower, day)}
        Membership.objects.filter(pk=held.pk).update(superseded_at=timezone.now())
        Membership.objects.create(person=person, household=held.household, kind=held.kind, role=held.role, **move)


def test_a_job_of_somebody_who_died_is_listed_and_ended_not_after_the_death(enter, kim, house, people, job, today):
    died = today - 10 * DAY
    record_death(people[1], on=died, by=kim)
    client, edit = enter(kim), page(house, "outcome_edit", "job", job.fact_id)
    text = client.get(page(house)).content.decode()
    assert edit in text
    assert people[1].pk in AccessLog.objects.latest("id").subjects
    assert client.get(edit).status_code == 200
    answer = client.post(edit, ending(job, ended_on=(died + DAY).isoformat()))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"ended_on"}
    for _twice in range(2):
        assert client.post(edit, ending(job, ended_on=died.isoformat())).status_code == 302
    now = Job.objects.current().get()
    assert (now.ended_on, now.end_why) == (died, "died")
    assert Job.objects.count() == 2
    assert edit not in client.get(page(house)).content.decode()


def test_the_verb_refuses_a_day_after_the_death(kim, people, job, today):
    record_death(people[1], on=today - 10 * DAY, by=kim)
    said = {name: getattr(job, name) for name in ("began_on", *JOB)}
    for day in (today - 9 * DAY, today):
        with pytest.raises(Refused) as refused:
            correct_outcome(job, by=kim, now=timezone.now(), ended_on=day, end_why="died", **said)
        assert refused.value.field == "ended_on"
    with pytest.raises(Refused):
        record_outcome(Job, people[1], by=kim, now=timezone.now(), began_on=today, **JOB)


def test_whoever_left_without_a_home_on_record_is_listed_until_that_day(enter, kim, house, people, job, today):
    left = today - 5 * DAY
    gone(people[1], left, kim)
    record_outcome(
        Schooling, people[1], by=kim, now=timezone.now(), kind="training", level="vocational", began_on=left - DAY
    )
    client, edit = enter(kim), page(house, "outcome_edit", "job", job.fact_id)
    assert edit in client.get(page(house)).content.decode()
    late = client.post(edit, ending(job, end_why="moved", ended_on=today.isoformat()))
    assert set(late.context["form"].errors) == {"ended_on"}
    assert client.post(edit, ending(job, end_why="died", ended_on=left.isoformat())).status_code == 422
    assert client.post(edit, ending(job, end_why="moved", ended_on=left.isoformat())).status_code == 302


def test_who_had_the_use_of_their_data_stopped_goes_by_number(house, kim, people, job, today):
    gone(people[1], today - DAY, kim)
    name = former_of(house, today)[0].name
    assert name != people[1].case_number
    restriction(people[1], "lists", by=kim)
    assert former_of(house, today)[0].name == people[1].case_number


def test_a_death_that_a_later_file_ended_stops_nothing(people, today):
    Residence.objects.filter(person=people[1]).update(superseded_at=timezone.now())
    Residence.objects.create(person=people[1], status="deceased", during=(today - 9 * DAY, today - 5 * DAY))
    assert until_of(people[1], today) == (None, False)


def test_whoever_lives_in_another_household_is_not_listed_in_the_old_one(enter, kim, house, people, job, today):
    other = HouseholdFactory(worker=kim)
    move_person(people[1], to=other, role="other", on=today - DAY, by=kim)
    client = enter(kim)
    edit = page(house, "outcome_edit", "job", job.fact_id)
    assert edit not in client.get(page(house)).content.decode()
    assert client.get(edit).status_code == 404
    assert client.get(page(other, "outcome_edit", "job", job.fact_id)).status_code == 200


def test_a_treatment_is_listed_too_for_who_reads_treatments(enter, kim, house, people, today):
    record_outcome(Treatment, people[1], by=kim, now=timezone.now(), kind="mental", place="clinic", began_on=today)
    record_death(people[1], on=today, by=kim)
    edit = page(house, "outcome_edit", "treatment", Treatment.objects.get().fact_id)
    assert edit in enter(kim).get(page(house)).content.decode().partition('id="former"')[2]


def test_strangers_find_nothing(enter, house, job, kim, people, today, stranger):
    record_death(people[1], on=today, by=kim)
    assert enter(stranger).post(page(house, "outcome_edit", "job", job.fact_id), {}).status_code == 404
