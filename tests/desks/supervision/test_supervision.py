"""The supervision sheet of one worker and the notes of the two: numbers to talk about, never a ranking."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act, Event
from desks.day.outcomes import OUTCOMES
from desks.supervision.numbers import caseload, numbers_of, waiting_of
from households.models import Absence, SupervisionAddendum, SupervisionNote, SupervisionStep
from households.supervision.actions import write_note
from risk.bands import Band
from risk.models import Standing
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(worker, today):
    """Return a function that gives the worker a household of a band whose contact is due in so many days."""

    def made(band=Band.HIGH, due=3, review=None, **facts):
        home = HouseholdFactory(worker=worker, **facts)
        Standing.objects.create(
            household=home,
            band=band,
            shown_band=band,
            band_since=timezone.now(),
            contact_due_on=today + timedelta(days=due),
            review_due_on=None if review is None else today + timedelta(days=review),
        )
        return home

    return made


@pytest.fixture
def note(worker, supervisor, today):
    return write_note(
        worker,
        by=supervisor,
        now=timezone.now(),
        held_on=today,
        text="야간 방문을 줄입니다.",
        steps=[("배정 조정", today)],
    )


def sheet(user):
    return reverse("desks:supervision_sheet", args=[user.pk])


def test_the_numbers_are_those_of_the_worker_on_this_day(worker, supervisor, cases, today):
    cases(members=3, due=-1, review=-2)
    cases(Band.WATCH, due=400)
    other = UserFactory(agency=worker.agency)
    Standing.objects.create(household=HouseholdFactory(worker=other), shown_band=Band.HIGH)
    found = numbers_of(worker, caseload(supervisor, worker, today), today)
    assert (found.households, found.people, found.overdue, found.reviews, found.reviews_late) == (2, 4, 1, 1, 1)
    assert found.bands[int(Band.HIGH)] == 1
    assert found.room == worker.weekly_contacts
    assert caseload(UserFactory(role="supervisor"), worker, today) == []
    assert numbers_of(worker, caseload(worker, worker, today), today) == found


def test_what_is_due_is_counted_by_kind(worker, supervisor, cases, today):
    home = cases()
    for days in (50, 10):
        at = timezone.now() - timedelta(days=days + 1)
        ReferralFactory(sender=worker, household=home, need="work", stands="confirmed", sent_at=at)
    rows = {row.label: row for row in waiting_of(worker, caseload(supervisor, worker, today), today)}
    assert (rows[OUTCOMES.label].due, rows[OUTCOMES.label].late) == (2, 1)


def test_the_list_of_workers_is_names_alone(client, supervisor, worker, cases):
    for _n in range(7):
        cases()
    client.force_login(supervisor)
    text = client.get(reverse("desks:supervision")).content.decode()
    main = text.partition("<main")[2].partition("</main")[0]
    assert worker.name in main
    assert ">7<" not in main


def test_a_worker_is_led_to_the_own_sheet_and_sees_no_other(client, worker, supervisor):
    client.force_login(worker)
    assert client.get(reverse("desks:supervision")).headers["Location"] == sheet(worker)
    assert client.get(sheet(worker)).status_code == 200
    assert client.get(sheet(supervisor)).status_code == 403
    assert client.get(sheet(UserFactory(agency=worker.agency))).status_code == 403


def test_who_leads_another_centre_finds_nobody(client, worker, stranger):
    client.force_login(stranger)
    assert client.get(sheet(worker)).status_code == 404
    assert client.get(reverse("desks:supervision_note_new", args=[worker.pk])).status_code == 404


def test_a_note_is_read_by_the_two_and_not_by_the_head(client, note, worker, supervisor, head):
    address = reverse("desks:supervision_note", args=[note.pk])
    for user, status in ((worker, 200), (supervisor, 200), (head, 404)):
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == status
        assert ("야간 방문" in answer.content.decode()) == (status == 200)
        page = client.get(sheet(worker)).content.decode()
        assert ("배정 조정" in page) == (status == 200)
    assert "야간" not in str(list(Event.objects.filter(verb="supervision noted").values_list("data", "reason")))


def test_whoever_left_the_centre_reads_its_notes_no_more(note, supervisor):
    supervisor.agency = CentreFactory()
    supervisor.save()
    assert not SupervisionNote.objects.visible_to(supervisor).exists()
    assert not SupervisionStep.objects.visible_to(supervisor).exists()


def words(today, **more):
    blank = {f"{name}_{n}": "" for n in (1, 2, 3) for name in ("step", "due")}
    return {"key": uuid4(), "held_on": today.isoformat(), "text": "면담", **blank, **more}


def test_a_note_is_written_once_by_who_leads(client, worker, supervisor, today):
    address = reverse("desks:supervision_note_new", args=[worker.pk])
    client.force_login(worker)
    assert client.post(reverse("desks:supervision_note_new", args=[supervisor.pk]), words(today)).status_code == 403
    client.force_login(supervisor)
    asked = words(today, step_1="휴가 조정", due_1=today.isoformat())
    for _twice in range(2):
        assert client.post(address, asked).status_code == 302
    assert SupervisionNote.objects.get().steps.get().text == "휴가 조정"
    answer = client.post(address, words(today, text="", due_2=today.isoformat()))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text", "step_2"}
    ahead = words(today + timedelta(days=1))
    assert client.post(address, ahead).status_code == 422


def test_nobody_supervises_themselves(client, supervisor, today):
    client.force_login(supervisor)
    answer = client.post(reverse("desks:supervision_note_new", args=[supervisor.pk]), words(today))
    assert answer.status_code == 422
    assert not SupervisionNote.objects.exists()


def test_either_adds_beneath_and_the_note_stays(client, note, worker, stranger, head):
    address, key = reverse("desks:supervision_note_add", args=[note.pk]), uuid4()
    client.force_login(worker)
    assert client.get(address).status_code == 405
    for _twice in range(2):
        assert client.post(address, {"text": "동의합니다.", "key": key}).status_code == 302
    assert client.post(address, {"text": "", "key": uuid4()}).status_code == 422
    for user in (stranger, head):
        client.force_login(user)
        assert client.post(address, {"text": "몰래", "key": uuid4()}).status_code == 404
    assert SupervisionAddendum.objects.get().text == "동의합니다."


def test_an_agreed_step_is_done_once(client, note, worker, supervisor, head):
    step = note.steps.get()
    address = reverse("desks:supervision_step_done", args=[step.pk])
    client.force_login(head)
    assert client.post(address).status_code == 404
    client.force_login(worker)
    assert client.get(address).status_code == 405
    client.post(address)
    client.force_login(supervisor)
    client.post(address)
    step.refresh_from_db()
    assert step.done_by == worker


def test_the_serving_role_cannot_change_a_note(note):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_supervisionnote SET text = 'x'")


def test_the_sheet_asks_at_most_five_questions_however_many_households(own_queries, supervisor, worker, cases, today):
    Absence.objects.create(worker=worker, during=(today, today + timedelta(days=2)))
    cases()
    own = lambda: [sql for sql in own_queries(supervisor, sheet(worker)) if "pghistory" not in sql]  # noqa: E731
    few = own()
    for n in range(6):
        cases(members=2, due=n)
        write_note(worker, by=supervisor, now=timezone.now(), held_on=today, text="면담", steps=[("약속", None)])
    many = own()
    assert len(many) <= 5
    assert len(many) == len(few)


def file_of(user):
    return reverse("desks:supervision_file", args=[user.pk])


def test_the_sheet_as_a_file_says_what_its_page_says_the_reader(client, written, note, worker, supervisor, head, cases):
    cases(members=3, due=-1)
    for user, reads in ((supervisor, True), (worker, True), (head, False)):
        written.clear()
        client.force_login(user)
        answer = client.post(file_of(worker), {"reason": "면담 준비"})
        assert answer.content[:4] == b"%PDF"
        text = " ".join(written)
        assert ("배정 조정" in text) == reads
        assert "야간 방문" not in text, "the note itself stays on its page"
        assert "1가구, 3명" in text
        logged = AccessLog.objects.latest("id")
        assert (logged.act, logged.reason) == (Act.EXPORT, "면담 준비")


def test_the_file_needs_a_reason_and_the_right_of_the_page(client, worker, supervisor, stranger):
    client.force_login(supervisor)
    assert client.get(file_of(worker)).status_code == 405
    answer = client.post(file_of(worker), {"reason": ""})
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    other = UserFactory(agency=worker.agency)
    for user, status in ((other, 403), (stranger, 404)):
        client.force_login(user)
        assert client.post(file_of(worker), {"reason": "x"}).status_code == status


def test_an_empty_sheet_says_so(client, worker):
    client.force_login(worker)
    text = client.get(sheet(worker)).content.decode()
    assert "empty-say" in text
