"""Who sees what of a file: rows at the agency they belong to, counts for the administrator, and who was shown."""

import pytest
from django.urls import reverse

from casework.audit.models import AccessLog
from casework.imports.models import Batch, QuarantinedRow
from households.models import Person
from tests.factories import CentreFactory, UserFactory
from tests.factories.households import PersonFactory
from tests.factories.imports import CONTACT, PERSON, SIGNAL, bring

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OURS = {**PERSON, "center": "관악하나센터", "sex": "=X"}
THEIRS = {
    **PERSON,
    "person_ref": "P-2",
    "household_ref": "H-2",
    "given_name": "먼사람",
    "center": "먼 하나센터",
    "sex": "=Y",
}
NOBODYS = {**PERSON, "person_ref": "P-3", "household_ref": "H-3", "given_name": "어느곳", "sex": "=Z"}
SECRETS = ("P-1", "P-2", "P-3", "영희", "먼사람", "어느곳", "=X", "=Y", "=Z")


@pytest.fixture
def head():
    CentreFactory(name_ko="먼 하나센터", covers=["부산 해운대구"])
    return UserFactory(agency=CentreFactory(name_ko="관악 하나센터", covers=["서울 관악구"]), role="centre_head")


@pytest.fixture
def admin():
    return UserFactory(role="system_administrator")


@pytest.fixture
def by_command(head):
    """A file of the operator's: one row of the head's centre, one of another, one that names none."""
    return bring("register", [OURS, THEIRS, NOBODYS], source="하나원")


@pytest.fixture
def look(client):
    """Return the page of a URL as a user sees it."""

    def look(user, name, *args):
        client.force_login(user, backend=BACKEND)
        answer = client.get(reverse(f"imports:{name}", args=args))
        return b"".join(answer).decode() if answer.status_code == 200 else answer.status_code

    return look


def test_the_administrator_sees_every_file_in_counts_and_no_cell(look, admin, head, by_command):
    own = bring("register", [{**OURS, "center": ""}], by=head)
    listed = look(admin, "list")
    assert all(reverse("imports:batch", args=[batch.pk]) in listed for batch in (by_command, own))
    assert "하나원" in listed
    for batch, refused in ((by_command, 3), (own, 1)):
        page = look(admin, "batch", batch.pk)
        assert "“…” 항목" in page or "sex" in page
        assert f"<td>{refused}</td>" in page
        assert not any(secret in page for secret in SECRETS)
        row = batch.refused.first()
        assert [look(admin, "row", batch.pk, row.pk), look(admin, "refused", batch.pk)] == [403, 403]
    assert not QuarantinedRow.objects.visible_to(admin).exists()
    assert not AccessLog.objects.filter(view="imports:batch").exists()


def test_a_centre_sees_the_rows_of_a_command_s_file_that_name_it_and_the_others_in_counts(look, head, by_command):
    ours = by_command.refused.get(cells__person_ref="P-1")
    page = look(head, "batch", by_command.pk)
    assert reverse("imports:row", args=[by_command.pk, ours.pk]) in page
    assert "=X" in page
    assert "<td>2</td>" in page
    assert not any(secret in page for secret in ("P-2", "P-3", "먼사람", "어느곳", "=Y", "=Z"))
    text = look(head, "refused", by_command.pk)
    assert "P-1" in text
    assert not any(secret in text for secret in ("P-2", "P-3"))
    for other in by_command.refused.exclude(pk=ours.pk):
        assert look(head, "row", by_command.pk, other.pk) == 404
    assert "=X" in look(head, "row", by_command.pk, ours.pk)


def test_who_may_not_import_and_other_agencies_see_nothing_of_a_file(head, by_command):
    own = bring("register", [{**OURS, "center": ""}], by=head)
    manager = UserFactory(agency=head.agency, role="case_manager")
    stranger = UserFactory(role="supervisor")
    assert not Batch.objects.visible_to(manager).exists()
    assert list(Batch.objects.visible_to(stranger)) == [by_command]
    assert not QuarantinedRow.objects.visible_to(manager).exists()
    assert not QuarantinedRow.objects.visible_to(stranger).exists()
    assert set(Batch.objects.visible_to(head)) == {by_command, own}


def test_another_agency_s_dry_run_is_not_loaded_by_who_sees_its_counts(client, head):
    trial = bring("register", [PERSON], by=head, dry_run=True)
    both = UserFactory(role="system_administrator", agency=CentreFactory())
    both.grants.create(role="supervisor", granted_by=both, reason="겸임", during=both.grants.get().during)
    client.force_login(both, backend=BACKEND)
    assert client.get(reverse("imports:batch", args=[trial.pk])).status_code == 200
    assert client.post(reverse("imports:load", args=[trial.pk])).status_code == 404


def test_the_access_log_names_the_people_whose_rows_were_shown(look, client, head):
    known = PersonFactory(register_ref="P-1")
    PersonFactory(register_ref="P-9")
    batch = bring("register", [{**OURS, "center": ""}, {**OURS, "center": "", "person_ref": "P-7"}], by=head)
    row = batch.refused.first()
    for name, args in (("batch", [batch.pk]), ("refused", [batch.pk]), ("row", [batch.pk, row.pk])):
        look(head, name, *args)
        assert AccessLog.objects.get(view=f"imports:{name}").subjects == [known.pk]
    client.post(reverse("imports:row", args=[batch.pk, row.pk]), {**row.cells, "person_ref": "P-9"})
    shown = AccessLog.objects.filter(view="imports:row").latest("pk").subjects
    assert shown == list(Person.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("kind", "row"), [("signals", {**SIGNAL, "signal": "S99"}), ("contacts", {**CONTACT, "channel": "?"})]
)
def test_rows_of_every_kind_lead_to_the_person_they_name(look, head, kind, row):
    known = PersonFactory(register_ref="P-1")
    batch = bring(kind, [row], by=head)
    look(head, "batch", batch.pk)
    assert AccessLog.objects.get(view="imports:batch").subjects == [known.pk]


def test_a_case_number_leads_to_the_person_however_it_is_written(look, head):
    known = PersonFactory()
    row = {**SIGNAL, "signal": "S99", "case_number": known.case_number.replace("-", "").lower()}
    del row["person_ref"]
    batch = bring("signals", [row], by=head)
    look(head, "batch", batch.pk)
    assert AccessLog.objects.get(view="imports:batch").subjects == [known.pk]
