"""What came of a referral: proposed on the page of the case, due within 30 days after the confirmation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from desks.day.due import Scope, due_of
from desks.day.outcomes import OUTCOMES
from households.models import Household, Job, Treatment
from households.outcomes.actions import record_outcome, say_nothing_came
from referrals.models import Referral
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db
JOB = {"kind": "regular", "employer": "company", "public_sector": False, "found": "referral", "incentive": "unknown"}


@pytest.fixture
def house(kim):
    return HouseholdFactory(worker=kim, members=["한송이"])


@pytest.fixture
def helped(house, kim):
    """Return a function that makes a referral that was confirmed so many days ago."""

    def made(need="work", days=10, **words):
        at = timezone.now() - timedelta(days=days + 1)
        return ReferralFactory(sender=kim, household=house, need=need, stands="confirmed", sent_at=at, **words)

    return made


def due(kim, house, **later):
    on = seoul_day(timezone.now()) + timedelta(**later)
    return due_of((OUTCOMES,), Scope(kim, Household.objects.filter(pk=house.pk).values("pk"), on))


def test_a_confirmed_referral_proposes_to_record_what_came_of_it(client, kim, house, helped):
    referral = helped()
    client.force_login(kim)
    text = client.get(reverse("desks:case", args=[house.number])).content.decode()
    assert text.count(referral.number) >= 2
    assert f"from={referral.number}" in text
    (one,) = due(kim, house)
    assert one.day == seoul_day(referral.confirmed_at) + timedelta(days=30)
    assert OUTCOMES.href(one, house.number).endswith(f"/outcomes/new/?kind=job&from={referral.number}")


def test_recorded_or_said_to_be_nothing_it_is_due_no_more(kim, house, helped):
    job, health = helped(), helped("health")
    assert len(due(kim, house)) == 2
    on = seoul_day(timezone.now())
    about = JOB | {"began_on": on, "source": job.number}
    record_outcome(Job, members_of(house)[0], by=kim, now=timezone.now(), **about)
    say_nothing_came(house, source=health.number, why="advice", by=kim)
    assert due(kim, house) == []


def test_what_brought_no_help_or_is_no_such_need_proposes_nothing(kim, house, helped):
    Referral.objects.filter(pk=helped().pk).update(outcome="not_provided")
    helped("livelihood")
    ReferralFactory(sender=kim, household=house, need="work", stands="provided")
    assert due(kim, house) == []


def test_after_a_year_it_is_asked_for_no_more(kim, house, helped):
    helped()
    assert due(kim, house, days=300)[0].late(seoul_day(timezone.now()) + timedelta(days=300))
    assert due(kim, house, days=400) == []


def test_the_case_shows_jobs_and_never_a_treatment(client, kim, house):
    person, on = members_of(house)[0], seoul_day(timezone.now())
    record_outcome(Job, person, by=kim, now=timezone.now(), **JOB | {"began_on": on - timedelta(days=200)})
    about = {"kind": "mental", "place": "mental_centre", "began_on": on}
    treated = record_outcome(Treatment, person, by=kim, now=timezone.now(), **about)
    client.force_login(kim)
    text = client.get(reverse("desks:case", args=[house.number])).content.decode()
    assert str(Job(kind="regular", employer="company")) in text
    assert str(treated) not in text
    assert treated.get_place_display() not in text


def test_a_share_sees_no_proposal(client, house, helped):
    helped()
    stranger = UserFactory()
    ShareFactory(household=house, to_user=stranger)
    client.force_login(stranger)
    assert client.get(reverse("desks:case", args=[house.number])).status_code == 404


def test_the_case_asks_the_same_for_one_referral_and_for_ten(own_queries, kim, house, helped):
    helped()
    address = reverse("desks:case", args=[house.number])
    few = own_queries(kim, address)
    for _n in range(4):
        helped()
    assert len(own_queries(kim, address)) == len(few)
