"""R-BEN-MISS reads what is likely and not applied for: by income on record, never by income that is not known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from risk.models import Flag
from risk.rules.ben_miss import BenefitMissed
from risk.sweeps import sweep
from tests.factories import HouseholdFactory
from tests.factories.households import members_of
from tests.factories.stated import CircumstanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """A household in its second year after moving in."""
    return HouseholdFactory(under_protection=True)


def poor(home, **more):
    return CircumstanceFactory(person=members_of(home)[0], value="below_line", **more)


def flags():
    sweep(as_of=AsOf.live(timezone.now()))
    return list(Flag.objects.filter(rule="R-BEN-MISS", cleared_at=None))


def kinds(flag):
    return {fact["kind"] for fact in flag.evidence["facts"]}


def test_likely_and_not_applied_for_is_a_hint(home):
    poor(home)
    (flag,) = flags()
    assert "entitled" in kinds(flag)
    said = BenefitMissed().sentence(flag.evidence, flag.since, seoul_day(timezone.now()))
    assert said == str(BenefitMissed.variants["entitled"].full)
    assert flag.points == BenefitMissed.weight


def test_once_the_five_years_are_over_only_the_income_is_told():
    home = HouseholdFactory(under_protection=seoul_day(timezone.now()) - timedelta(days=6 * 365))
    poor(home)
    (flag,) = flags()
    assert kinds(flag) == {"stated"}


def test_unknown_income_is_never_low_income(home):
    CircumstanceFactory(person=members_of(home)[0], value="unknown")
    assert flags() == []


@pytest.mark.parametrize("value", ["receiving", "applying", "not_wanted", "over_assets"])
def test_what_was_applied_for_or_is_not_wanted_is_no_hint(home, value):
    poor(home)
    CircumstanceFactory(person=members_of(home)[0], kind="benefit", detail="livelihood", value=value)
    assert flags() == []


def test_the_catalogue_decides_what_counts(home):
    poor(home)
    (flag,) = flags()
    codes = [fact["code"] for fact in flag.evidence["facts"] if fact["kind"] == "entitled"]
    assert codes == ["LIVELIHOOD-5Y"]
