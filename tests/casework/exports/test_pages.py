"""The pages of exports: asking, waiting, stopping, taking away; each file is its asker's alone."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.exports import running
from casework.exports.models import Export
from tests.factories import AgencyFactory, UserFactory
from tests.factories.exports import REASON, ExportFactory

pytestmark = pytest.mark.django_db
LIST, ASK = reverse("exports:list"), reverse("exports:ask", args=["agencies"])


def url(export, name="one"):
    return reverse(f"exports:{name}", args=[export.number])


@pytest.fixture
def seen(client, asker):
    """Return seen(url, user=asker, **headers): the answer to a GET."""

    def get(address, user=asker, **headers):
        client.force_login(user)
        return client.get(address, headers=headers)

    return get


@pytest.fixture
def sent(client, asker):
    """Return sent(url, user=asker, follow=False, **data): the answer to a POST."""

    def post(address, user=asker, follow=False, **data):
        client.force_login(user)
        return client.post(address, data, follow=follow)

    return post


@pytest.fixture
def ready(kind, asker):
    AgencyFactory(name_ko="목록 가")
    export = ExportFactory(asker=asker, kind=kind.code, asked={"kind": "전체"}, reason=REASON)
    running.work_off(timezone.now)
    export.refresh_from_db()
    return export


def test_asking_keeps_the_filters_of_the_address_and_leads_to_the_file(kind, seen, sent, asker):
    assert "전체" in seen(f"{ASK}?kind=전체").content.decode()
    answer = sent(f"{ASK}?kind=전체", reason=REASON, client_key=uuid4())
    export = Export.objects.get()
    assert answer["Location"] == url(export)
    assert (export.asker, export.asked, export.reason) == (asker, {"kind": "전체"}, REASON)


def test_asking_twice_by_the_same_form_makes_one(kind, sent):
    key = uuid4()
    for _click in range(2):
        assert sent(ASK, reason=REASON, client_key=key).status_code == 302
    assert Export.objects.count() == 1


def test_a_short_reason_is_refused_in_words(kind, sent):
    answer = sent(ASK, reason="회의 자료")
    assert answer.status_code == 422
    assert "20자 이상" in answer.content.decode()
    assert not Export.objects.exists()


def test_one_too_many_in_a_day_is_refused_in_words(kind, sent, asker, settings):
    settings.CASEWORK_EXPORTS_A_DAY = 1
    ExportFactory(asker=asker)
    answer = sent(ASK, reason=REASON)
    assert answer.status_code == 422
    assert "24시간" in answer.content.decode()


def test_who_may_not_see_the_list_reads_so_and_an_unknown_list_is_not_there(kind, seen, sent):
    kind.allowed = False
    assert seen(ASK).status_code == 403
    assert sent(ASK, reason=REASON).status_code == 403
    assert seen(reverse("exports:ask", args=["nothing"])).status_code == 404


def test_the_page_of_a_file_says_how_far_it_is_without_a_script_too(kind, seen, asker):
    export = ExportFactory(asker=asker)
    page = seen(url(export)).content.decode()
    assert "차례를 기다리고" in page
    assert f'href="{url(export)}"' in page
    assert 'hx-trigger="every 2s"' in page
    Export.objects.update(started_at=timezone.now(), rows=10, done_rows=4)
    assert 'value="40"' in seen(url(export)).content.decode()
    part = seen(url(export), **{"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="state"')


def test_a_poll_answers_as_the_page_does(kind, seen, ready):
    part = seen(url(ready), **{"HX-Request": "true"}).content.decode()
    assert part.strip() in seen(url(ready)).content.decode() or "csrf" in part
    assert "every 2s" not in part
    assert "다운로드" in part


def test_a_download_is_logged_with_whose_data_it_holds(ready, sent, asker):
    answer = sent(url(ready, "file"))
    assert answer["Content-Disposition"] == f'attachment; filename="{ready.number}.xlsx"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"PK")
    row = AccessLog.objects.get(act=Act.EXPORT)
    assert (row.actor_id, row.subjects, row.households) == (asker.pk, ready.subjects, [7])
    assert row.reason == REASON
    assert row.detail == {"export": ready.number, "kind": "agencies", "rows": 1, "asked": {"kind": "전체"}}


def test_what_is_gone_or_not_ready_is_said_and_not_logged_as_taken(kind, sent, asker, ready):
    kind.readable = False
    assert "삭제" in sent(url(ready, "file"), follow=True).content.decode()
    waiting = ExportFactory(asker=asker)
    assert "준비되지" in sent(url(waiting, "file"), follow=True).content.decode()
    assert not AccessLog.objects.filter(act=Act.EXPORT).exists()


def test_cancelling_works_once_and_twice_changes_nothing(kind, sent, asker):
    export = ExportFactory(asker=asker)
    assert "취소했습니다" in sent(url(export, "cancel"), follow=True).content.decode()
    first = Export.objects.get().cancelled_at
    assert "바뀐 것은 없습니다" in sent(url(export, "cancel"), follow=True).content.decode()
    assert Export.objects.get().cancelled_at == first


@pytest.mark.parametrize("name", ["cancel", "file"])
def test_the_buttons_refuse_get(ready, seen, name):
    assert seen(url(ready, name)).status_code == 405


def test_a_file_is_its_askers_alone(ready, seen, sent, asker):
    for stranger in (
        UserFactory(agency=asker.agency, role="centre_head"),
        UserFactory(agency=asker.agency, role="system_administrator"),
        UserFactory(role="privacy_auditor"),
    ):
        assert seen(url(ready), stranger).status_code == 404
        assert sent(url(ready, "file"), stranger).status_code == 404
        assert sent(url(ready, "cancel"), stranger).status_code == 404
        assert ready.number not in seen(LIST, stranger).content.decode()


def test_every_end_has_its_words(kind, seen, asker):
    now = timezone.now()
    ended = {
        "길어": ExportFactory(asker=asker, failed_at=now, why="too_many"),
        "취소": ExportFactory(asker=asker, cancelled_at=now),
        "24시간": ExportFactory(asker=asker, made=True, expires_at=now),
    }
    for word, export in ended.items():
        assert word in seen(url(export)).content.decode()
    assert all(export.number in seen(LIST).content.decode() for export in ended.values())


def test_the_empty_list_says_so(kind, seen):
    assert "아직" in seen(LIST).content.decode()


def test_a_file_of_a_list_that_is_no_more_is_still_shown(seen, asker):
    export = ExportFactory(asker=asker, kind="forgotten", made=True)
    assert seen(url(export)).status_code == seen(LIST).status_code == 200


def test_two_files_or_twenty_cost_the_same_queries(kind, seen, asker):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert seen(LIST).status_code == 200
        return len(found)

    ExportFactory.create_batch(2, asker=asker)
    queries()
    few = queries()
    ExportFactory.create_batch(18, asker=asker, made=True)
    assert queries() == few
