"""The table of routes in the admin: a later line, a line for a district, the end of one; nothing is ever lost."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casework.audit.models import Event
from referrals.clocks import NAMES
from referrals.directory import routes
from referrals.models import Route
from tests.factories import UserFactory
from tests.factories.agencies import district

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIMITS = {name: [3, "wd"] for name in NAMES}


@pytest.fixture
def admin(db):
    return UserFactory(role="system_administrator", is_staff=True, is_superuser=True)


def line(**said):
    return Route(**{"need": "mind", "urgency": "usual", "first": ["city"], "limits": LIMITS, **said})


def test_a_later_line_ends_the_one_that_stands_and_no_day_is_without(admin, today):
    old = Route.objects.get(need="mind", urgency="usual")
    routes.add(line(), since=today + 5 * DAY, by=admin, today=today)
    old.refresh_from_db()
    assert old.during.upper == today + 5 * DAY
    for on, limit in ((today, old.limits), (today + 4 * DAY, old.limits), (today + 5 * DAY, LIMITS)):
        assert Route.objects.best_for("mind", "usual", None, on=on).limits == limit
    assert set(Event.objects.values_list("verb", flat=True)) >= {"route ended", "route entered"}


def test_a_line_for_a_district_stands_before_the_one_for_everywhere_and_may_end(admin, today):
    place = district("서울 관악구")
    own = routes.add(line(district=place), since=today, by=admin, today=today)
    assert Route.objects.best_for("mind", "usual", place, on=today) == own
    routes.end(own, last=today + DAY, by=admin, today=today)
    assert Route.objects.best_for("mind", "usual", place, on=today + 2 * DAY).district is None
    with pytest.raises(ValidationError):
        routes.end(own, last=today + 3 * DAY, by=admin, today=today)


def test_what_would_leave_a_gap_or_touch_the_past_is_refused(admin, today):
    everywhere = Route.objects.get(need="mind", urgency="usual")
    with pytest.raises(ValidationError):
        routes.end(everywhere, last=today, by=admin, today=today)
    for since, last in ((today - DAY, None), (today, today + DAY)):
        with pytest.raises(ValidationError):
            routes.add(line(), since=since, last=last, by=admin, today=today)
    routes.add(line(), since=today + 5 * DAY, by=admin, today=today)
    with pytest.raises(ValidationError):
        routes.add(line(), since=today + 2 * DAY, by=admin, today=today)


WRONG = ([0, "wd"], "2wd", [2, "d"], [True, "wd"], [61, "wd"])


@pytest.mark.parametrize(
    "limits", [[], {"answer": [2, "wd"]}, LIMITS | {"other": [1, "h"]}, *(LIMITS | {"answer": one} for one in WRONG)]
)
def test_limits_that_do_not_fit_get_the_sentence(limits):
    with pytest.raises(ValidationError):
        routes.check_limits(limits)


class TestOnScreen:
    def words(self, today, **said):
        return {"need": "mind", "urgency": "usual", "district": "", "first": ["mental_health"], "also": ["city"],
                "limits": json.dumps(LIMITS), "since": today.isoformat(), "last": "", **said}  # fmt: skip

    def test_listed_added_and_ended(self, client, admin, today):
        client.force_login(admin)
        assert client.get(reverse("admin:referrals_route_changelist")).status_code == 200
        add = reverse("admin:referrals_route_add")
        assert client.get(add).status_code == 200
        place = district("서울 관악구").pk
        assert client.post(add, self.words(today, district=place)).status_code == 302
        own = Route.objects.get(district=place)
        assert own.first == ["mental_health"]
        change = reverse("admin:referrals_route_change", args=[own.pk])
        assert client.get(change).status_code == 200
        assert client.post(change, {"last": today.isoformat(), "need": "work"}).status_code == 302
        own.refresh_from_db()
        assert (own.during.upper, own.need) == (today + DAY, "mind")

    def test_wrong_limits_are_answered_with_the_sentence_and_nothing_is_deleted(self, client, admin, today):
        client.force_login(admin)
        answer = client.post(reverse("admin:referrals_route_add"), self.words(today, limits='{"answer": [2, "wd"]}'))
        assert answer.status_code == 200
        assert "acknowledge" in answer.content.decode()
        before = Route.objects.count()
        pk = Route.objects.first().pk
        assert client.post(reverse("admin:referrals_route_delete", args=[pk]), {"post": "yes"}).status_code == 403
        assert Route.objects.count() == before
