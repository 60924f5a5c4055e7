"""A list of coming households in a file: put on the lists of their centres once, or refused with what is right."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from casework.audit.models import Event
from casework.imports import uploads
from casework.imports.models import Batch
from casework.telling.models import Notification
from households.handover import actions
from households.models import Handover
from tests.factories import UserFactory
from tests.factories.handovers import LISTED
from tests.factories.imports import bring, counts, csv_of, why
from tests.households.handover.conftest import NOW

pytestmark = pytest.mark.django_db
HEAD = {
    **LISTED,
    "cohort": "제301기",
    "language": "zh",
    "interpreter": "Y",
    "woman_worker": "",
    "first_day": "",
    "home_province": "",
}
BARE = dict.fromkeys(HEAD, "")
CHILD = {
    **BARE,
    "handover_ref": "F-1",
    "role": "child",
    "family_name": "오",
    "given_name": "한결",
    "birth_date": "2015",
}
OTHER = {**HEAD, "handover_ref": "F-2", "given_name": "가람", "birth_date": "1970-01-01"}


@pytest.fixture(autouse=True)
def here(officer, boss):
    """A Ministry and a centre in 관악 with its supervisor."""


def named():
    rows = Handover.objects.order_by("id")
    return [[(str(one), one.role, one.is_defector) for one in row.people.all()] for row in rows]


def test_a_household_is_announced_with_its_people_and_its_centre_is_told(boss):
    assert counts(bring("handovers", [CHILD, HEAD])) == (2, 0, 0, 0)
    made = Handover.objects.get()
    assert (made.status, made.center.name_ko, str(made.moves_on)) == ("announced", "관악 하나센터", "2026-03-20")
    assert (made.cohort, made.language, made.interpreter, made.woman_worker) == ("제301기", "zh", True, False)
    assert named() == [[("오은별", "head", True), ("오한결", "child", True)]]
    assert made.people.get(role="child").birth_precision == "year"
    told = Notification.objects.get(kind="handover_announced")
    assert (told.user, told.label) == (boss, made.number)
    assert Event.objects.get(verb="handover announced").data == {"people": 2, "center": made.center_id}


def test_the_same_file_twice_and_in_another_order_changes_nothing():
    bring("handovers", [HEAD, CHILD])
    assert counts(bring("handovers", [CHILD, HEAD, OTHER])) == (1, 2, 0, 0)
    assert Handover.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([{**HEAD, "district": "달나라"}], [(1, "district", "unknown_district")]),
        ([{**HEAD, "center": "달센터"}], [(1, "center", "unknown_center")]),
        ([{**HEAD, "district": "부산 해운대구"}], [(1, "center", "does_not_cover")]),
        ([{**HEAD, "moves_on": "20.3."}], [(1, "moves_on", "not_a_day")]),
        ([{**HEAD, "moves_on": ""}], [(1, "moves_on", "required")]),
        ([{**HEAD, "role": "boss"}], [(1, "role", "not_one_of"), (1, "role", "no_head")]),
        ([{**HEAD, "birth_date": "2999-01-01"}], [(1, "birth_date", "future")]),
        ([CHILD], [(1, "role", "no_head")]),
        ([HEAD, {**CHILD, "role": "head"}], [(2, "district", "required")]),
        ([HEAD, {**CHILD, "moves_on": "2026-03-21"}], [(2, "moves_on", "disagrees")]),
        ([HEAD, {**HEAD, "role": "spouse"}], [(2, "given_name", "named_twice")]),
        ([HEAD, {**HEAD, "handover_ref": "F-2"}], [(2, "given_name", "named_twice")]),
    ],
)
def test_what_cannot_be_right_is_refused_by_row_and_field_and_the_rest_is_kept(rows, faults):
    fine = {**OTHER, "handover_ref": "F-9"}
    found = bring("handovers", [*rows, fine])
    assert set(faults) <= set(why(found))
    assert all(row.field in row.reason for row in found.refused.exclude(code="household_waits"))
    assert found.loaded >= 1
    assert named()[-1] == [("오가람", "head", True)]


def test_a_household_waits_as_a_whole_and_comes_in_once_it_is_mended():
    found = bring("handovers", [HEAD, {**CHILD, "birth_date": "someday"}, OTHER])
    assert why(found) == [(1, "handover_ref", "household_waits"), (2, "birth_date", "not_a_birth")]
    assert "2" in found.refused.get(row=1).reason
    assert [len(people) for people in named()] == [1]
    assert counts(bring("handovers", [HEAD, CHILD, OTHER])) == (2, 1, 0, 0)


def test_nobody_is_announced_without_the_others_of_the_household(officer):
    found = bring("handovers", [HEAD, {**CHILD, "birth_date": "someday"}])
    for row, cells in ((1, HEAD), (2, CHILD)):
        refused = found.refused.get(row=row)
        with pytest.raises(uploads.StillRefused):
            uploads.retry(refused, {**refused.cells, **cells}, by=officer)
    assert not Handover.objects.exists()
    assert "파일" in found.refused.get(row=1).reason
    alone = bring("handovers", [{**OTHER, "birth_date": "someday"}]).refused.get()
    uploads.retry(alone, {**alone.cells, **OTHER}, by=officer)
    assert [len(people) for people in named()] == [1]


def test_what_is_on_the_list_is_changed_there_and_nobody_stands_on_it_twice(boss, kim):
    bring("handovers", [HEAD])
    made = Handover.objects.get()
    later = bring("handovers", [{**HEAD, "moves_on": "2026-04-01"}])
    assert why(later) == [(1, "handover_ref", "told_otherwise")]
    assert made.number in later.refused.get().reason
    again = bring("handovers", [{**HEAD, "handover_ref": "F-7"}])
    assert why(again) == [(1, "given_name", "coming_already")]
    actions.accept(made, by=boss, now=NOW, worker=kim)
    assert counts(bring("handovers", [HEAD])) == (0, 1, 0, 0)
    made.refresh_from_db()
    assert (made.status, str(made.moves_on)) == ("accepted", "2026-03-20")


def test_a_dry_run_announces_nothing_and_tells_nobody(officer):
    found = bring("handovers", [HEAD, CHILD], by=officer, dry_run=True)
    assert counts(found) == (2, 0, 0, 0)
    assert not Handover.objects.exists()
    assert not Notification.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_file(django_assert_max_num_queries):
    many = [{**HEAD, "handover_ref": f"M-{n}", "given_name": f"별{n}"} for n in range(20)]
    with django_assert_max_num_queries(114) as few:
        bring("handovers", [OTHER])
    with django_assert_max_num_queries(len(few)):
        bring("handovers", many)


def test_the_command_says_what_became_of_each_row(tmp_path):
    path = tmp_path / "하나원.csv"
    path.write_bytes(csv_of(HEAD, {**OTHER, "center": "?"}, encoding="cp949"))
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_handovers", str(path), "--json", stdout=out)
    assert ended.value.code == 1
    said = json.loads(out.getvalue())
    assert (said["loaded"], said["refused"][0]["row"], said["refused"][0]["field"]) == (1, 2, "center")


class TestPages:
    def bring_on_page(self, client, kind="handovers", **more):
        file = SimpleUploadedFile("하나원.csv", csv_of(HEAD, {**OTHER, "center": "?"}))
        return client.post(reverse("imports:upload"), {"kind": kind, "file": file, "source": "하나원", **more})

    def test_an_officer_of_the_ministry_brings_a_list_in_and_mends_a_row(self, client, officer):
        client.force_login(officer)
        assert reverse("imports:upload") in client.get(reverse("households:handovers")).text
        asked = client.get(reverse("imports:upload"), {"kind": "handovers"}).text
        assert 'value="handovers" selected' in asked
        assert 'value="register"' not in asked
        sent = self.bring_on_page(client)
        batch = Batch.objects.get()
        assert sent.url == reverse("imports:batch", args=[batch.pk])
        bring_again(batch)
        row = batch.refused.get()
        assert row.reason in client.get(sent.url).text.replace("&quot;", '"')
        mended = client.post(reverse("imports:row", args=[batch.pk, row.pk]), OTHER)
        assert mended.status_code == 302
        assert Handover.objects.filter(announced_by=officer).count() == 2

    def test_a_centre_brings_no_list_in_and_sees_none(self, client, boss, officer):
        client.force_login(boss)
        assert 'value="handovers"' not in client.get(reverse("imports:upload")).text
        assert self.bring_on_page(client).status_code == 422
        assert not Batch.objects.exists()
        found = bring("handovers", [{**HEAD, "center": "?"}], by=officer)
        assert client.get(reverse("imports:batch", args=[found.pk])).status_code == 404
        by_command = bring("handovers", [{**HEAD, "district": "?"}])
        assert client.get(reverse("imports:batch", args=[by_command.pk])).status_code == 404

    def test_the_ministry_brings_no_register_in(self, client, officer):
        client.force_login(officer)
        assert self.bring_on_page(client, kind="register").status_code == 422
        found = bring("register", [HEAD | {"person_ref": "P-1"}], by=officer)
        assert client.get(reverse("imports:batch", args=[found.pk])).status_code == 404

    def test_an_empty_file_has_every_column(self, client, officer):
        client.force_login(officer)
        answer = client.get(reverse("imports:template"), {"kind": "handovers"})
        assert answer.content.decode("utf-8-sig").strip().split(",") == list(HEAD)
        assert client.get(reverse("imports:template"), {"kind": "nothing"}).status_code == 404
        client.force_login(UserFactory(role="case_manager"))
        assert client.get(reverse("imports:template"), {"kind": "handovers"}).status_code == 403


def bring_again(batch):
    """Do what the worker in the background does."""
    from casework.imports import uploads

    uploads.load(batch.pk)
    batch.refresh_from_db()
