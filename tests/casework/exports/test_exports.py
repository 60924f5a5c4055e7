"""A file from the question to its end: asked for with a reason, made once, taken away by the asker alone, forgotten."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils import timezone

from casework.audit.models import Event
from casework.exports import actions, running, tasks
from casework.exports.models import Export, State
from tests.factories import AgencyFactory, UserFactory
from tests.factories.exports import REASON, ExportFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def asked(kind, asker, **more):
    return actions.ask(kind, {"kind": "전체"}, by=asker, reason=REASON, now=timezone.now(), **more)


def made(kind, asker):
    export = asked(kind, asker)
    assert running.work_off(timezone.now) == 1
    export.refresh_from_db()
    return export


def state(export, after=timedelta()):
    export.refresh_from_db()
    return export.state(now=timezone.now() + after)


def sheet_of(export):
    return openpyxl.load_workbook(io.BytesIO(bytes(export.content))).worksheets[0]


def test_a_list_becomes_a_file_with_its_rows_and_whose_data_it_holds(kind, asker):
    open_one, closed_one = AgencyFactory(name_ko="목록 가"), AgencyFactory(name_ko="목록 나 닫힘")
    export = made(kind, asker)
    rows = [[cell.value for cell in row] for row in sheet_of(export).iter_rows(min_row=2)]
    assert rows == [["기관", "번호"], ["목록 가", open_one.pk], ["목록 나 닫힘", closed_one.pk]]
    assert (state(export), export.rows, export.percent) == (State.DONE, 2, 100)
    assert (export.records, export.closed) == ([open_one.pk], [closed_one.pk])
    assert (export.subjects, export.households) == (sorted([open_one.pk, closed_one.pk]), [7])
    assert export.expires_at - export.done_at == 24 * HOUR


def test_every_page_and_the_first_row_say_who_when_why_and_the_number(kind, asker):
    export = made(kind, asker)
    sheet = sheet_of(export)
    for place in (sheet["A1"].value, sheet.oddHeader.left.text, sheet.oddFooter.left.text):
        for word in (export.number, "서지훈", str(asker.agency)):
            assert word in place
    assert REASON in sheet["A1"].value
    assert f"{timezone.localtime(export.done_at):%H:%M}" in sheet["A1"].value
    assert sheet.title == export.number


def test_a_list_of_nothing_is_a_file_too(kind, asker):
    assert (made(kind, asker).rows, state(Export.objects.get())) == (0, State.DONE)


def test_the_file_speaks_the_language_of_the_asker(kind, asker):
    asker.language = "en"
    asker.save()
    assert "reason:" in sheet_of(made(kind, asker))["A1"].value


@pytest.mark.parametrize("reason", ["", "회의", " " * 30, "짧은 사유" + " " * 30])
def test_a_reason_of_twenty_characters_is_asked_for_in_words(kind, asker, reason):
    with pytest.raises(ValidationError, match="20자"):
        actions.ask(kind, {}, by=asker, reason=reason, now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportFactory(asker=asker, reason=reason)


def test_who_may_not_see_the_list_may_not_ask(kind, asker):
    kind.allowed = False
    with pytest.raises(PermissionDenied):
        asked(kind, asker)


def test_two_clicks_make_one(kind, asker):
    key = uuid4()
    assert asked(kind, asker, client_key=key) == asked(kind, asker, client_key=key)
    assert asked(kind, UserFactory(), client_key=key).pk != asked(kind, asker, client_key=key).pk


def test_so_many_within_a_day_and_no_more(kind, asker, settings):
    settings.CASEWORK_EXPORTS_A_DAY = 2
    ExportFactory(asker=asker, asked_at=timezone.now() - 25 * HOUR)
    asked(kind, asker)
    actions.cancel(asked(kind, asker), by=asker, now=timezone.now())
    with pytest.raises(ValidationError, match="2"):
        asked(kind, asker)
    assert asked(kind, UserFactory())


def test_a_worker_is_rung_for_after_the_commit(kind, asker, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(tasks.make_due, "apply_async", lambda **how: rung.append(how))
    with django_capture_on_commit_callbacks(execute=True):
        asked(kind, asker)
    assert len(rung) == 1


def test_two_workers_make_one_file(kind, asker):
    export = asked(kind, asker)
    now = timezone.now()
    assert running.claim(now).pk == export.pk
    assert running.claim(now) is None


def test_a_killed_worker_is_followed_by_another_one(kind, asker):
    export = asked(kind, asker)
    lost = running.claim(timezone.now())
    assert (state(export), running.work_off(timezone.now)) == (State.RUNNING, 0)
    later = timezone.now() + 2 * running.LEASE
    assert running.work_off(lambda: later) == 1
    assert state(export) == State.DONE
    content = bytes(export.content)
    running.make(lost, timezone.now)
    export.refresh_from_db()
    assert bytes(export.content) == content, "who comes back from the dead changes nothing"


def test_after_three_lost_workers_it_is_given_up_in_words(kind, asker):
    export = asked(kind, asker)
    moment = timezone.now()
    for _try in range(running.TRIES):
        assert running.claim(moment)
        moment += 2 * running.LEASE
    running.work_off(lambda: moment)
    assert (state(export), export.why) == (State.FAILED, "lost")


def test_a_database_that_went_away_leaves_it_to_be_taken_up_again(kind, asker, monkeypatch):
    export = asked(kind, asker)
    monkeypatch.setattr(kind, "ids", raising(OperationalError))
    with pytest.raises(OperationalError):
        running.work_off(timezone.now)
    assert state(export) == State.RUNNING


def test_an_error_is_said_and_ends_it(kind, asker, monkeypatch):
    export = asked(kind, asker)
    monkeypatch.setattr(kind, "ids", raising(ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        running.work_off(timezone.now)
    assert (state(export), export.why) == (State.FAILED, "error")


def raising(error):
    def fail(*args, **more):
        raise error

    return fail


def test_it_says_how_far_it_is_and_stops_after_the_part_in_which_it_was_cancelled(kind, asker, monkeypatch):
    for n in range(5):
        AgencyFactory(name_ko=f"목록 {n}")
    monkeypatch.setattr(running, "PART", 2)
    export, far, lines = asked(kind, asker), [], kind.lines

    def watched(user, told, ids, *, now):
        far.append(Export.objects.get(pk=export.pk).percent)
        if len(far) == 2:
            actions.cancel(export, by=asker, now=timezone.now())
        return lines(user, told, ids, now=now)

    monkeypatch.setattr(kind, "lines", watched)
    running.work_off(timezone.now)
    assert far == [0, 40]
    assert (state(export), export.content) == (State.CANCELLED, None)


def test_cancelling_twice_or_by_a_stranger_changes_nothing(kind, asker):
    export = asked(kind, asker)
    assert not actions.cancel(export, by=UserFactory(), now=timezone.now())
    assert actions.cancel(export, by=asker, now=timezone.now())
    assert not actions.cancel(export, by=asker, now=timezone.now())
    assert running.work_off(timezone.now) == 0
    assert Event.objects.filter(verb="export cancelled").count() == 1


@pytest.mark.parametrize("lost", ["role", "account", "kind"])
def test_rights_are_asked_when_it_is_made(kind, asker, lost, monkeypatch):
    export = asked(kind, asker)
    if lost == "role":
        kind.allowed = False
    elif lost == "account":
        asker.is_active = False
        asker.save()
    else:
        monkeypatch.setattr(running, "kinds", dict)
    running.work_off(timezone.now)
    assert (state(export), export.why) == (State.FAILED, "rights")


def test_a_list_that_is_too_long_makes_no_file(kind, asker, monkeypatch):
    AgencyFactory(name_ko="목록 가")
    monkeypatch.setattr(running, "MOST", 0)
    export = asked(kind, asker)
    running.work_off(timezone.now)
    assert (state(export), export.why) == (State.FAILED, "too_many")


def test_the_asker_takes_it_away_and_nobody_else(kind, asker):
    export = made(kind, asker)
    assert actions.taken(export, kind, by=asker, now=timezone.now()).content
    with pytest.raises(actions.Gone):
        actions.taken(export, kind, by=UserFactory(agency=asker.agency, role="centre_head"), now=timezone.now())


@pytest.mark.parametrize("lost", ["allowed", "readable"])
def test_rights_are_asked_again_at_the_download_and_without_them_the_file_is_deleted(kind, asker, lost):
    export = made(kind, asker)
    setattr(kind, lost, False)
    with pytest.raises(actions.Gone, match="삭제"):
        actions.taken(export, kind, by=asker, now=timezone.now())
    export.refresh_from_db()
    assert (export.content, export.subjects, export.records) == (None, [], [])
    assert state(export) == State.DELETED


def test_it_is_deleted_together_with_the_word_of_it_or_not_at_all(kind, asker, monkeypatch):
    export = made(kind, asker)
    kind.readable = False
    with monkeypatch.context() as broken:
        broken.setattr(actions, "record", raising(OperationalError))
        with pytest.raises(OperationalError):
            actions.taken(export, kind, by=asker, now=timezone.now())
    export.refresh_from_db()
    assert export.content
    with pytest.raises(actions.Gone):
        actions.taken(export, kind, by=asker, now=timezone.now())
    assert Event.objects.filter(verb="export deleted").count() == 1


def test_after_a_day_it_cannot_be_taken_away_and_its_content_is_deleted(kind, asker):
    AgencyFactory(name_ko="목록 가")
    export = made(kind, asker)
    tomorrow = export.expires_at + timedelta(seconds=1)
    with pytest.raises(actions.Gone):
        actions.taken(export, kind, by=asker, now=tomorrow)
    assert actions.forget(timezone.now()) == 0
    assert actions.forget(tomorrow) == 1
    export.refresh_from_db()
    assert (export.content, export.subjects, export.households) == (None, [], [])
    assert (export.reason, export.rows) == (REASON, 1), "that it was asked, and why, stays"
    assert state(export, after=25 * HOUR) == State.DELETED


def test_the_tick_forgets_and_takes_up_what_waits(kind, asker):
    old = ExportFactory(asker=asker, made=True, done_at=timezone.now() - 30 * HOUR)
    waiting = asked(kind, asker)
    tasks.tick()
    old.refresh_from_db()
    assert (old.content, state(waiting)) == (None, State.DONE)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "다른 사유를 나중에 적어 넣으려 합니다."},
        {"asker_id": 1},
        {"asked": {"kind": "모두"}},
        {"cancelled_at": timezone.now()},
        {"expires_at": timezone.now() + timedelta(days=400)},
        {"content": b"PK"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_holds_what_was_asked_and_that_it_has_ended(kind, asker, change):
    export = made(kind, asker)
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        export.delete()


def test_the_steps_are_kept_without_anybody_s_data(kind, asker):
    AgencyFactory(name_ko="목록 가")
    made(kind, asker)
    told = list(Event.objects.order_by("id").values_list("verb", "reason", "data"))
    words = {"kind": "agencies", "asked": {"kind": "전체"}}
    assert told == [("export requested", REASON, words), ("export made", "", {"rows": 1})]
