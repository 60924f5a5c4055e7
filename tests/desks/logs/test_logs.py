"""The access log, and the page where roles are given."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.agencies.models import RoleGrant
from casework.agencies.roles import ROLES
from casework.audit.models import AccessLog, Event
from desks.logs.pagenames import page_name
from tests.architecture.matrix import URLS
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import PASSWORD
from tests.factories.households import members_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return UserFactory(role="privacy_auditor", name="감사인")


@pytest.fixture
def admin():
    return UserFactory(role="system_administrator", name="관리자")


def page_of(client, user, url="/logs/", **data):
    client.force_login(user)
    return client.get(url, data)


def look(user, *people, act="open", days_ago=0, **fields):
    at = timezone.now() - timedelta(days=days_ago)
    return AccessLog.objects.create(
        act=act,
        actor_id=user.pk,
        actor_label=str(user),
        agency_id=user.agency_id,
        subjects=[person.pk for person in people],
        at=at,
        **fields,
    )


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"privacy_auditor"}))
def test_the_log_is_for_the_auditor_alone(client, role):
    user = UserFactory(role=role)
    entry = look(user)
    assert page_of(client, user).status_code == 403
    assert client.get(f"/logs/{entry.pk}/").status_code == 403
    assert client.post("/logs/file/", {"reason": "왜"}).status_code == 403


def test_every_page_that_is_logged_is_called_by_words(client, auditor):
    look(auditor, view="referrals:detail")
    page = page_of(client, auditor).content.decode()
    assert "referrals:detail" not in page
    assert "의뢰와 곁의 목록" in page
    named = {view for view in URLS if view.partition(":")[0] in ("desks", "households", "imports", "referrals", "risk")}
    assert [view for view in named if page_name(view) == view] == []


def test_coming_in_going_and_failing_are_logged(client, auditor):
    user = UserFactory(password=True, username="seo")
    client.post("/accounts/login/", {"login": "seo", "password": "틀린-비밀번호"})
    client.post("/accounts/login/", {"login": "seo", "password": PASSWORD})
    client.post("/accounts/logout/")
    acts = list(AccessLog.objects.order_by("id").values_list("act", "actor_id"))
    assert acts == [("login_failed", None), ("login", user.pk), ("logout", user.pk)]
    assert "틀린" not in str(list(AccessLog.objects.values("detail")))
    assert [row["who"] for row in page_of(client, auditor).context["rows"]][-1] == "seo"


def test_what_is_nobodys_log_in_name_may_be_a_password_and_is_not_shown(client, auditor):
    AccessLog.objects.create(act="login_failed", detail={"tried": "비밀번호를-잘못-친-칸"})
    assert "비밀번호를-잘못-친-칸" not in page_of(client, auditor).content.decode()


def test_the_log_is_narrowed_by_who_what_day_and_whose_data(client, auditor):
    kim, lee = UserFactory(name="김하나"), UserFactory(name="이두리", username="lee2")
    person, other = members_of(HouseholdFactory(members=2))
    look(kim, person, other)
    look(lee, other, act="search")
    old = look(kim, person, days_ago=40)
    look(kim, days_ago=0, act="list")

    def found(**asked):
        rows = page_of(client, auditor, **asked).context["rows"]
        return [row["who"] for row in rows if row["who"] != "감사인"]

    assert found(who="lee2") == ["이두리"]
    assert found(act="search") == ["이두리"]
    assert found(case=person.case_number) == ["김하나", "김하나"], "of every day, when one person is asked for"
    day = timezone.localtime(old.at).date().isoformat()
    assert found(since=day, until=day) == ["김하나"]
    assert len(found()) == 3, "today, without days"


def test_a_wrong_case_number_is_said_and_shows_nothing(client, auditor):
    look(auditor)
    answer = page_of(client, auditor, case="1234-5678-9")
    assert answer.context["rows"] == []
    assert answer.context["form"].errors["case"]


def test_who_was_affected_is_told_by_case_number_without_a_name(client, auditor):
    people = members_of(HouseholdFactory(members=["정금주", "리복순"]))
    entry = look(UserFactory(), *people, detail={"q": "정금주"})
    html = page_of(client, auditor, f"/logs/{entry.pk}/").content.decode()
    assert all(person.case_number in html for person in people)
    assert "정금주" not in html
    assert "정금주" not in page_of(client, auditor).content.decode(), "what was searched for is content"


def test_looking_at_the_log_is_logged_too(client, auditor):
    person = members_of(HouseholdFactory())[0]
    page_of(client, auditor, case=person.case_number)
    assert AccessLog.objects.filter(actor_id=auditor.pk, act="list").latest("id").subjects == [person.pk]


def test_a_download_of_the_log_keeps_its_reason_and_holds_no_formula(client, auditor):
    look(UserFactory(name="=HYPERLINK()"), act="open")
    client.force_login(auditor)
    assert client.get("/logs/file/").status_code == 405
    assert client.post("/logs/file/", {"reason": " "}).status_code == 422
    answer = client.post("/logs/file/?act=open", {"reason": "정기 점검"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["'=HYPERLINK()"]
    assert AccessLog.objects.get(act="export").reason == "정기 점검"


def test_the_log_asks_the_same_number_of_queries_for_two_rows_and_for_twenty(client, auditor):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert page_of(client, auditor).status_code == 200
        return len(caught)

    users = [UserFactory() for _n in range(3)]
    look(users[0])
    queries()
    few = queries()
    for n in range(20):
        look(users[n % 3])
    assert queries() == few


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"system_administrator"}))
def test_users_are_for_the_administrator_alone(client, role):
    user, other = UserFactory(role=role), UserFactory()
    assert page_of(client, user, "/users/").status_code == 403
    assert client.get(f"/users/{other.pk}/").status_code == 403
    assert client.post(f"/users/{other.pk}/give/", {"role": "supervisor", "reason": "승진"}).status_code == 403
    grant = other.grants.get()
    assert client.post(f"/users/{other.pk}/grants/{grant.pk}/revoke/", {"reason": "퇴사"}).status_code == 403


def test_a_role_is_given_once_with_a_reason(client, admin):
    user = UserFactory(role="")
    url = f"/users/{user.pk}/give/"
    client.force_login(admin)
    assert client.get(url).status_code == 405
    assert client.post(url, {"role": "supervisor", "reason": ""}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {"role": "supervisor", "reason": "승진"}).status_code == 302
    grant = user.grants.get()
    assert (grant.role, grant.granted_by, grant.reason) == ("supervisor", admin, "승진")
    assert Event.objects.filter(verb="role_given", subject_id=user.pk).count() == 1
    assert client.get(f"/users/{user.pk}/").status_code == 200


def test_a_role_is_taken_back_once_and_stops_at_once(client, admin):
    user = UserFactory(role="case_manager")
    grant = user.grants.get()
    url = f"/users/{user.pk}/grants/{grant.pk}/revoke/"
    client.force_login(admin)
    client.post(url, {"reason": ""})
    assert RoleGrant.objects.in_force().filter(user=user).exists()
    for reason in ("퇴사", "두 번째"):
        client.post(url, {"reason": reason})
    grant.refresh_from_db()
    assert (grant.revoked_by, grant.revoked_because) == (admin, "퇴사")
    assert page_of(client, user, "/today/").status_code == 403


def test_nobody_gives_a_role_to_themselves(client, admin):
    client.force_login(admin)
    assert client.post(f"/users/{admin.pk}/give/", {"role": "supervisor", "reason": "필요"}).status_code == 403
    assert admin.grants.count() == 1


def test_a_grant_of_somebody_else_is_not_found_under_this_user(client, admin):
    user, other = UserFactory(), UserFactory()
    client.force_login(admin)
    assert client.post(f"/users/{user.pk}/grants/{other.grants.get().pk}/revoke/", {"reason": "왜"}).status_code == 404


def test_users_are_found_by_name_and_agency(client, admin):
    UserFactory(name="구민서")
    rows = page_of(client, admin, "/users/", q="구민").context["users"]
    assert [str(row["user"]) for row in rows] == ["구민서"]


def test_an_administrator_sees_no_case(client, admin):
    household = HouseholdFactory(members=["정금주"])
    assert page_of(client, admin, f"/households/{household.number}/").status_code in (403, 404)
