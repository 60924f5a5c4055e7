"""The second person: a file with names is made once somebody else of the agency has agreed to it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.exports import actions, answering, running, tasks
from casework.exports.models import ANSWERED_WITHIN, Export, State
from casework.telling.models import Notification
from tests.factories import AgencyFactory, UserFactory
from tests.factories.exports import REASON, ExportFactory

pytestmark = pytest.mark.django_db
LIST = reverse("exports:list")
MINUTE = timedelta(minutes=1)


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
    assert answering.waiting_for(mate, now=timezone.now()) == [export]
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
    assert answering.waiting_for(boss, now=timezone.now()) == []


@pytest.mark.parametrize("said", ["", "yes", "Agree", "agree decline"])
def test_an_answer_that_is_none_declines_nothing(export, boss, answered, said):
    assert answered(boss, export, said).status_code == 400
    assert state(export) == State.ASKED
    assert not Notification.objects.filter(kind="export_answered").exists()


def test_who_may_is_asked_under_the_lock(export, asker, boss):
    """The row may have been read by a view long before: the verb asks again."""
    mate = UserFactory(agency=asker.agency)
    for one in (mate, asker, UserFactory(role="supervisor")):
        with pytest.raises(PermissionDenied):
            answering.answer(export, by=one, now=timezone.now(), agreed=True)
    assert state(export) == State.ASKED


class TestLapsed:
    def test_after_so_many_days_nobody_agrees_any_more(self, export, asker, boss, answered, client):
        late = export.asked_at + ANSWERED_WITHIN
        client.force_login(boss)
        assert "효력" in client.get(LIST).content.decode()
        assert answering.waiting_for(boss, now=late - MINUTE) == [export]
        assert answering.waiting_for(boss, now=late) == []
        with pytest.raises(answering.TooLate):
            answering.answer(export, by=boss, now=late, agreed=True)
        assert (answering.lapse(late - MINUTE), answering.lapse(late), answering.lapse(late)) == (0, 1, 0)
        assert (Export.objects.get().why, state(export)) == ("lapsed", State.FAILED)
        assert Event.objects.about(export).filter(verb="export lapsed", actor_id=None).exists()
        assert Notification.objects.filter(kind="export_lapsed", user=asker).count() == 1
        client.force_login(asker)
        assert "다시 요청" in client.get(reverse("exports:one", args=[export.number])).content.decode()

    @pytest.mark.parametrize("how", ["moved", "left"])
    def test_it_follows_nobody_to_another_agency_nor_out_of_the_door(self, export, asker, boss, answered, how):
        other = UserFactory(role="supervisor")
        if how == "moved":
            asker.agency = other.agency
        asker.is_active = how != "left"
        asker.save()
        now = timezone.now()
        assert answering.waiting_for(other, now=now) == answering.waiting_for(boss, now=now) == []
        assert answered(other, export).status_code == 404
        assert "효력" in answered(boss, export).content.decode()
        assert (state(export), answering.lapse(now)) == (State.ASKED, 1)
        assert not Notification.objects.filter(kind="export_lapsed").exists()

    def test_agreed_at_one_agency_nothing_is_made_with_the_rights_of_another(self, export, asker, boss, answered):
        answered(boss, export)
        asker.agency = AgencyFactory()
        asker.save()
        running.work_off(timezone.now)
        assert Export.objects.get().why == "rights"

    def test_what_was_answered_or_needs_nobody_does_not_lapse(self, kind, asker, boss):
        ExportFactory(asker=asker)
        assert answering.lapse(timezone.now() + 10 * ANSWERED_WITHIN) == 0

    def test_it_is_said_before_one_asks(self, named, asker, boss, client):
        client.force_login(asker)
        assert "7일 안에" in client.get(reverse("exports:ask", args=["agencies"])).content.decode()

    def test_the_tick_ends_it(self, export):
        UserFactory._meta.model.objects.filter(pk=export.asker_id).update(is_active=False)
        tasks.tick()
        assert Export.objects.get().why == "lapsed"


def test_where_one_works_nowhere_nobody_agrees(named):
    asker, _other = UserFactory(agency=None), UserFactory(agency=None, role="supervisor")
    with pytest.raises(ValidationError, match="동의할"):
        actions.ask(named, {}, by=asker, reason=REASON, now=timezone.now())


def test_nobody_answers_for_themselves_whatever_writes_it(asker, kind):
    export = ExportFactory(asker=asker, asked_only=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(answered_by=asker, answered_at=timezone.now())
