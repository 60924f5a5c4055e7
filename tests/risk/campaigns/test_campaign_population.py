"""Whom a survey asks: the filter that is saved with it, and the households it names on a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.agencies.models import Agency
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import order_of
from desks.day.asking import rows_of
from households.closings.actions import reopen
from risk.bands import Band
from risk.campaigns.counts import asking_of, to_ask
from risk.campaigns.population import Criteria, population
from tests.factories import CentreFactory, UserFactory
from tests.factories.closings import closed
from tests.factories.standings import stands
from tests.factories.surveys import frozen, home, today


@pytest.mark.django_db
def test_the_filter_names_the_population(worker, centre):
    high, alone, old = home(worker, 4, members=2), home(worker, 2), home(worker, 3, members=2)
    other = home(UserFactory(agency=CentreFactory()), 4, district="부산 해운대구", members=2)
    stands(alone, 2, contact_ago=200)
    stands(old, 3, protection_ends_on=today() + timedelta(days=20))

    def named(**criteria):
        return set(population(Criteria(**criteria), on=today()).values_list("household", flat=True))

    assert named() == {high.pk, alone.pk, old.pk, other.pk}
    assert named(bands=(4,)) == {high.pk, other.pk}
    assert named(centres=(centre.pk,), bands=(4,)) == {high.pk}
    assert named(districts=(old.dwelling_set.get().district_id,)) == {high.pk, alone.pk, old.pk}
    assert named(ends_within=30) == {old.pk}
    assert named(alone=True) == {alone.pk}
    assert named(silent_for=100) == {alone.pk}
    assert named(age_from=90) == set()
    assert set(population(Criteria(), agency=centre.pk, on=today()).values_list("household", flat=True)) == {
        high.pk,
        alone.pk,
        old.pk,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("years", "counted"), [(0, True), (1, False)])
def test_who_turns_sixty_five_today_is_of_that_age(worker, years, counted):
    born = today().replace(year=today().year - 65) + timedelta(days=years)
    found = home(worker, person_born=born)
    rows = population(Criteria(age_from=65, age_to=65), on=today())
    assert (found.pk in rows.values_list("household", flat=True)) is counted


@pytest.mark.django_db
def test_the_saved_filter_comes_back_as_it_was():
    criteria = Criteria(bands=(5, 4), centres=(3,), alone=True, silent_for=0)
    assert Criteria.of(criteria.as_saved()) == criteria
    assert Criteria().as_saved() == {}
    assert Criteria.of({"bands": [4], "a word of later": 1}) == Criteria(bands=(4,))


class TestClosedCases:
    @pytest.fixture
    def boss(self, centre):
        return UserFactory(role="supervisor", agency=centre)

    def test_a_closed_case_is_not_named_and_a_reopened_one_is_again(self, worker, boss):
        found, done = home(worker), home(worker, 1)
        closing = closed(done, by=worker, second=boss, ago=1)
        assert set(population(Criteria(), on=today()).values_list("household", flat=True)) == {found.pk}
        before = population(Criteria(), on=today() - timedelta(days=2)).values_list("household", flat=True)
        assert set(before) == {found.pk, done.pk}, "two days ago it was open"
        reopen(closing, by=boss, now=timezone.now(), reason="다시 도움을 청함")
        assert set(population(Criteria(), on=today()).values_list("household", flat=True)) == {found.pk, done.pk}

    def test_who_is_named_and_closed_afterwards_waits_nowhere_until_it_is_reopened(self, worker, boss):
        ministry = UserFactory(role="ministry_officer", agency=Agency.objects.filter(kind="ministry").first())
        done = home(worker, 1)
        campaign = frozen(ministry)
        asked = [one.household for one in to_ask(campaign, worker)]
        due = rows_of(worker, on=today(), only=("survey",))
        assert (asked, len(due), survey_of(worker)) == ([done], 1, {done.pk})
        closing = closed(done, by=worker, second=boss)
        assert not to_ask(campaign, boss).exists()
        assert not asking_of(done, boss).exists()
        assert rows_of(boss, on=today(), only=("survey",)) == []
        stands(done, 4)  # heard of again, so that it stands on the list, and still nobody owes it the survey
        assert survey_of(boss) == set()
        reopen(closing, by=boss, now=timezone.now(), reason="다시 도움을 청함")
        assert [one.household for one in to_ask(campaign, boss)] == [done]
        assert survey_of(boss) == {done.pk}


def survey_of(user):
    """Return the households that the list of the user shows as still to be asked."""
    return set(order_of(user, Filters(bands=tuple(Band.values), show="survey"), now=timezone.now()))
