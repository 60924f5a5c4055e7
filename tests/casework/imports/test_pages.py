"""Bringing a file in on a page: trying, loading for good, the refused rows, mending one of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework.audit.models import AccessLog
from casework.imports import uploads
from casework.imports.models import Batch, QuarantinedRow
from households.models import Person
from tests.factories import CentreFactory, UserFactory
from tests.factories.imports import PERSON, bring, csv_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def boss():
    return UserFactory(agency=CentreFactory(covers=["서울 관악구"]), role="supervisor")


@pytest.fixture
def page(client, boss):
    client.force_login(boss, backend=BACKEND)
    return client


def brought(boss, **options):
    return bring(
        "register", [PERSON, {**PERSON, "person_ref": "P-2", "household_ref": "H-2", "sex": "=X"}], by=boss, **options
    )


def upload(page, content, **fields):
    file = SimpleUploadedFile("명부.csv", content)
    return page.post(reverse("imports:upload"), {"kind": "register", "file": file, **fields})


def test_a_file_is_brought_in_tried_and_then_loaded_for_good(page, boss):
    answer = upload(page, csv_of(PERSON), dry_run="on")
    trial = Batch.objects.get()
    assert answer.url == reverse("imports:batch", args=[trial.pk])
    uploads.load(trial.pk)
    assert Person.objects.count() == 0
    assert "아직 아무것도 바뀌지 않았습니다" in page.get(answer.url).content.decode()
    answer = page.post(reverse("imports:load", args=[trial.pk]))
    again = page.post(reverse("imports:load", args=[trial.pk]))
    assert answer.url == again.url
    real = Batch.objects.latest("pk")
    uploads.load(real.pk)
    real.refresh_from_db()
    assert (real.state, real.loaded, real.upload, Person.objects.count()) == ("done", 1, None, 1)


def test_a_file_that_is_done_is_not_loaded_again(page, boss):
    upload(page, csv_of(PERSON))
    batch = Batch.objects.get()
    uploads.load(batch.pk)
    uploads.load(batch.pk)
    assert Person.objects.count() == 1
    assert uploads.unfinished() == []


def test_a_file_whose_message_was_lost_is_found_again(page):
    upload(page, csv_of(PERSON))
    assert uploads.unfinished() == [Batch.objects.get().pk]


def test_a_refused_file_says_why_on_its_page(page, boss):
    upload(page, b"person_ref\nP-1\n")
    batch = Batch.objects.get()
    uploads.load(batch.pk)
    assert "household_ref" in page.get(reverse("imports:batch", args=[batch.pk])).content.decode()


def test_a_waiting_file_can_be_watched_without_scripts(page):
    upload(page, csv_of(PERSON))
    answer = page.get(reverse("imports:batch", args=[Batch.objects.get().pk]))
    assert "<progress" in answer.content.decode()


def test_signals_ask_for_their_sender(page):
    answer = upload(page, csv_of(PERSON), kind="signals")
    assert (answer.status_code, Batch.objects.count()) == (422, 0)


def test_the_list_and_the_form_are_shown(page, boss):
    assert page.get(reverse("imports:list")).status_code == 200
    brought(boss)
    assert page.get(reverse("imports:list")).status_code == 200
    assert page.get(reverse("imports:upload")).status_code == 200


def test_a_refused_row_is_mended_on_screen_and_twice_changes_nothing(page, boss):
    batch = brought(boss)
    row = batch.refused.get()
    url = reverse("imports:row", args=[batch.pk, row.pk])
    assert "=X" in page.get(url).content.decode()
    assert page.post(url, {**row.cells, "sex": "Q"}).status_code == 422
    row.refresh_from_db()
    assert (row.settled_at, row.corrected["sex"], row.code) == (None, "Q", "not_one_of")
    assert page.post(url, {**row.cells, "sex": "M"}).status_code == 302
    assert page.post(url, {**row.cells, "sex": "F"}).status_code == 302
    row.refresh_from_db()
    assert (row.settled_by, row.corrected["sex"], row.cells["sex"]) == (boss, "M", "=X")
    assert Person.objects.get(register_ref="P-2").particulars_set.get().sex == "M"
    assert Batch.objects.count() == 2


def test_the_refused_rows_are_downloaded_safely_and_the_looking_is_logged(page, boss):
    batch = brought(boss)
    answer = page.get(reverse("imports:refused", args=[batch.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert ",'=X," in text
    assert "P-2" in text
    assert "P-1" not in text
    assert AccessLog.objects.filter(act="export", detail__batch=batch.pk).count() == 1


def test_the_downloaded_file_can_be_mended_and_brought_in_again(page, boss):
    batch = brought(boss)
    text = b"".join(page.get(reverse("imports:refused", args=[batch.pk])).streaming_content)
    again = bring("register", text.replace(b"'=X", b"M"), by=boss)
    assert (again.loaded, again.warnings, again.refused.count()) == (1, [], 0)


def test_a_row_of_a_dry_run_is_shown_and_not_loaded(page, boss):
    batch = brought(boss, dry_run=True)
    row = batch.refused.get()
    url = reverse("imports:row", args=[batch.pk, row.pk])
    assert page.get(url).status_code == 200
    page.post(url, {**row.cells, "sex": "M"})
    assert (Person.objects.count(), Batch.objects.count()) == (0, 1)


PAGES = ("list", "upload", "batch", "load", "refused", "row")


def _url(name, batch):
    args = {"list": [], "upload": [], "row": [batch.pk, batch.refused.get().pk]}.get(name, [batch.pk])
    return reverse(f"imports:{name}", args=args)


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_import_is_told_so(client, boss, name):
    batch = brought(boss)
    client.force_login(UserFactory(agency=boss.agency, role="case_manager"), backend=BACKEND)
    method = client.post if name == "load" else client.get
    assert method(_url(name, batch)).status_code == 403


@pytest.mark.parametrize("name", PAGES[2:])
def test_the_files_of_another_agency_do_not_exist(client, boss, name):
    batch = brought(boss)
    client.force_login(UserFactory(role="supervisor"), backend=BACKEND)
    method = client.post if name == "load" else client.get
    assert method(_url(name, batch)).status_code == 404


def test_loading_for_good_refuses_get(page, boss):
    assert page.get(reverse("imports:load", args=[brought(boss, dry_run=True).pk])).status_code == 405


def test_the_list_costs_the_same_with_many_files(page, boss, django_assert_max_num_queries):
    for _n in range(12):
        Batch.objects.create(kind="register", brought_by=boss, agency=boss.agency, filename="명부.csv")
    with django_assert_max_num_queries(12):
        page.get(reverse("imports:list"))


def test_refused_rows_are_seen_by_the_agency_that_sent_the_file(boss):
    brought(boss)
    assert QuarantinedRow.objects.visible_to(boss).count() == 1
    assert not QuarantinedRow.objects.visible_to(UserFactory(role="supervisor")).exists()
