"""What somebody who is away is told reaches the substitute where the substitute may open what it leads to."""

import pytest
from django.urls import reverse

from casework.clock import seoul_day
from casework.telling.actions import tell
from casework.telling.models import Notification
from households import actions as register
from households.models import DataRequest, Handover
from households.visits.telling import tell_missing
from tests.factories import UserFactory
from tests.factories.data_requests import data_request
from tests.factories.day import HOUR, visit_of
from tests.factories.extensions import request_of
from tests.factories.handovers import conflict_of
from tests.factories.referrals import ReferralFactory


@pytest.fixture
def cousin(house, kim, boss, centre, now):
    """Who stands in for Kim today; conflicts of interest are added later."""
    other, on = UserFactory(agency=centre, name="사촌동생"), seoul_day(now)
    register.record_absence(kim, first=on, last=on, substitute=other, by=boss)
    return other


def told(user):
    return set(Notification.objects.filter(user=user).values_list("label", flat=True))


@pytest.fixture
def notices(house, people, kim):
    """Return {page: number} of what Kim is told of, and all of which the substitute may open without a conflict."""
    return {
        "households:extension": request_of(people[0], by=kim).number,
        "households:data_request": data_request(people[1], by=kim).number,
        "households:person_protection": people[2].case_number,
        "households:conflicts": house.number,
        "referrals:detail": ReferralFactory(household=house, sender=kim, status="requested").number,
    }


def test_a_substitute_in_conflict_is_told_nothing_of_it(kim, house, people, cousin, notices, now):
    conflict_of(cousin, people[0])
    for page, number in notices.items():
        tell([kim], "assigned", label=number, url=(page, number), now=now)
    assert told(kim) == set(notices.values())
    assert told(cousin) == set()


def test_without_a_conflict_the_substitute_is_told_all_of_it(kim, cousin, notices, now):
    for page, number in notices.items():
        tell([kim], "assigned", label=number, url=(page, number), now=now)
    assert told(cousin) == set(notices.values())


def test_what_stays_with_who_is_away_is_not_passed_to_who_may_not_open_it(kim, boss, centre, people, now):
    head, on = UserFactory(agency=centre, role="centre_head"), seoul_day(now)
    other = UserFactory(agency=centre)
    register.record_absence(boss, first=on, last=on, substitute=other, by=head)
    number = data_request(people[0], by=kim).number
    tell([boss], "data_request", label=number, url=("households:data_request", number), now=now)
    assert not DataRequest.objects.visible_to(other).exists()
    assert (told(boss), told(other)) == ({number}, set())
    assert not Handover.objects.exists()


def test_nobody_came_back_reaches_the_substitute_unless_a_conflict_closes_the_house(
    house, people, kim, boss, centre, now
):
    head, on = UserFactory(agency=centre, role="centre_head"), seoul_day(now)
    first, second = UserFactory(agency=centre), UserFactory(agency=centre)
    register.record_absence(boss, first=on, last=on, substitute=first, by=head)
    register.record_absence(head, first=on, last=on, substitute=second, by=boss)
    conflict_of(second, people[0])
    visit_of(house, worker=kim, begins=now - 3 * HOUR)
    tell_missing(now)
    assert (told(first), told(second)) == ({house.number}, set())


def test_pages_that_show_to_each_what_they_may_see_are_passed_on(kim, cousin, now):
    tell([kim], "assigned", label="M-1", url=("referrals:meeting", "M-1"), now=now)
    assert told(cousin) == {"M-1"}


def test_a_notice_told_before_the_conflict_opens_no_more(enter, kim, house, people, now):
    number = request_of(people[0], by=kim).number
    tell([kim], "assigned", label=number, url=("households:extension", number), now=now)
    one = Notification.objects.get(user=kim)
    browser, url = enter(kim), reverse("telling:open", args=[one.pk])
    assert browser.post(url).headers["Location"] == reverse("households:extension", args=[number])
    conflict_of(kim, people[0])
    answer = browser.post(url, follow=True)
    assert answer.redirect_chain == [(reverse("telling:list"), 302)]
    assert "열 수 없" in answer.content.decode()
