"""The second person: a file with names is made once somebody else of the agency has agreed to it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.exports import actions, answering, running
from casework.exports.models import Export, State
from casework.telling.models import Notification
from tests.factories import AgencyFactory, UserFactory
from tests.factories.exports import REASON, ExportFactory

pytestmark = pytest.mark.django_db
LIST = reverse("exports:list")


@pytest.fixture
def named(kind):
    kind.names = True
    return kind


@pytest.fixture
def boss(asker):
    return UserFactory(agency=asker.agency, role="supervisor", name="오세린")


@pytest.fixture
def export(named, asker, boss):
    return actions.ask(named, {"kind": "전체"}, by=asker, reason=REASON, now=timezone.now())


@pytest.fixture
def answered(client):
    """Return answered(user, export, answer): the POST of the second person, followed."""

    def post(user, export, answer="agree"):
        client.force_login(user)
        return client.post(reverse("exports:answer", args=[export.number]), {"answer": answer}, follow=True)

    return post


def state(export):
    return Export.objects.get(pk=export.pk).state(now=timezone.now())


def test_nothing_is_made_before_somebody_else_agrees(export, boss, answered):
    assert (state(export), running.work_off(timezone.now)) == (State.ASKED, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(started_at=timezone.now())
    assert "만들고 있습니다" in answered(boss, export).content.decode()
    assert running.work_off(timezone.now) == 1
    assert state(export) == State.DONE
    assert Event.objects.about(export).filter(verb="export agreed", actor_id=boss.pk).exists()


def test_who_decides_over_the_work_is_told_and_reads_why_and_never_the_file(export, asker, boss, client):
    assert list(Notification.objects.filter(kind="export_asked").values_list("user", flat=True)) == [boss.pk]
    client.force_login(boss)
    body = client.get(LIST).content.decode()
    assert export.number in body
    assert REASON in body
    assert "서지훈" in body
    assert client.get(reverse("exports:one", args=[export.number])).status_code == 404
    assert client.post(reverse("exports:file", args=[export.number])).status_code == 404
    client.force_login(asker)
    assert "다른 한 사람" in client.get(reverse("exports:one", args=[export.number])).content.decode()


def test_declined_it_is_not_made_and_the_asker_is_told(export, asker, boss, answered):
    answered(boss, export, "decline")
    assert (state(export), running.work_off(timezone.now)) == (State.FAILED, 0)
    assert Export.objects.get().why == "declined"
    assert Notification.objects.filter(kind="export_answered", user=asker).exists()


def test_the_first_answer_counts_and_twice_changes_nothing(export, boss, answered):
    head = UserFactory(agency=boss.agency, role="centre_head")
    answered(boss, export)
    assert "이미" in answered(head, export, "decline").content.decode()
    assert (state(export), Export.objects.get().answered_by) == (State.WAITING, boss)
    with pytest.raises(Exception, match="answered_by"), transaction.atomic():
        Export.objects.update(answered_by=head)


def test_who_is_not_the_second_person(export, asker, boss, answered):
    assert answered(asker, export).status_code == 404
    assert answered(UserFactory(role="supervisor"), export).status_code == 404
    assert answered(UserFactory(agency=asker.agency), export).status_code == 403
    assert state(export) == State.ASKED


def test_it_refuses_get(export, boss, client):
    client.force_login(boss)
    assert client.get(reverse("exports:answer", args=[export.number])).status_code == 405


def test_at_an_office_where_nobody_decides_a_colleague_answers(named, answered):
    office = AgencyFactory(kind="city")
    asker, mate = (UserFactory(agency=office, role="residence_officer") for _ in range(2))
    export = actions.ask(named, {}, by=asker, reason=REASON, now=timezone.now())
    assert answering.waiting_for(mate) == [export]
    answered(mate, export)
    assert state(export) == State.WAITING


def test_where_nobody_else_could_agree_it_is_said_at_once(named, asker):
    with pytest.raises(ValidationError, match="동의할"):
        actions.ask(named, {}, by=asker, reason=REASON, now=timezone.now())
    assert not Export.objects.exists()


def test_what_was_cancelled_is_answered_no_more(export, asker, boss, answered):
    actions.cancel(export, by=asker, now=timezone.now())
    assert "이미" in answered(boss, export).content.decode()
    assert state(export) == State.CANCELLED
    assert answering.waiting_for(boss) == []


def test_nobody_answers_for_themselves_whatever_writes_it(asker, kind):
    export = ExportFactory(asker=asker, asked_only=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(answered_by=asker, answered_at=timezone.now())
