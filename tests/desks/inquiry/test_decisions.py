"""What an inquiry tells of decisions and of looks: for a year, with each second yes, whoever lived there meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.audit.record import actor
from casework.clock import seoul_day
from households.actions import move_person
from risk.models import Assessment, Endorsement, Review, SearchAgreement, SearchEnd, Sweep
from risk.rules.pattern import validated
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN
from tests.factories.households import members_of
from tests.factories.risk import contact, live_sweep
from tests.factories.standings import flagged
from tests.harness.asking import ago, section_of

pytestmark = pytest.mark.django_db


def at(days):
    return timezone.now() - timedelta(days=days)


def dismissed(household, by, days, **more):
    """Set the household's unreachability aside `days` days ago, for a month."""
    flag = household.flag_set.first() or flagged(household, raised_ago=timedelta(days=400))
    told = {"points": 40, "facts": 3, "machine_band": 4, "reason": "본인과 통화함", **more}
    return Review.objects.create(
        household=household, decision="dismiss", flag=flag, recorded_by=by, recorded_at=at(days), decided_on=ago(days),
        review_on=ago(days - 30), **told,
    )  # fmt: skip


def search_ended(household, by, days, **more):
    told = {"reason": "met", "evidence": "구청 김민호가 10일에 만남", "machine_band": 4, **more}
    return SearchEnd.objects.create(
        household=household, recorded_by=by, recorded_at=at(days), decided_on=ago(days), **told
    )


def test_a_dismissal_of_seven_months_before_is_told(household, supervisor, inquired):
    dismissed(household, supervisor, 220)
    tried = section_of(inquired(household, ago(10)), "tried")
    assert "연락두절" in tried, "which reason was set aside"
    assert "본인과 통화함" in tried
    assert supervisor.name in tried
    assert "두 번째 사람 동의 대기" in tried


def test_what_was_decided_over_a_year_before_or_after_the_day_is_not(household, supervisor, inquired):
    dismissed(household, supervisor, 390, reason="너무 오래전 결정")
    dismissed(household, supervisor, 5, reason="그날 뒤의 결정")
    page = inquired(household, ago(10))
    assert "너무 오래전 결정" not in page
    assert "그날 뒤의 결정" not in page


def test_the_second_yes_is_told_with_whose_decision_it_was(household, supervisor, centre, inquired):
    head = UserFactory(name="한가온", agency=centre, role="centre_head")
    review = dismissed(household, supervisor, 40)
    Endorsement.objects.create(review=review, recorded_by=head, recorded_at=at(30))
    later = section_of(inquired(household, ago(20)), "tried")
    assert "한가온" in later
    assert "두 번째 사람 동의 대기" not in later
    assert "두 번째 사람 동의 대기" in section_of(inquired(household, ago(35)), "tried"), "not by then"


def test_that_the_search_was_ended_is_told_with_both_people(household, supervisor, centre, inquired):
    head = UserFactory(name="한가온", agency=centre, role="centre_head")
    end = search_ended(household, supervisor, 100)
    SearchAgreement.objects.create(end=end, recorded_by=head, recorded_at=at(99))
    tried = section_of(inquired(household, ago(10)), "tried")
    assert "구청 김민호가 10일에 만남" in tried
    assert "결정으로 연락 단계를 끝냄" in tried
    assert supervisor.name in tried
    assert "한가온" in tried


def test_where_the_address_is_protected_the_evidence_is_not_told(household, supervisor, inquired):
    search_ended(household, supervisor, 100)
    contact(household, ago(0), 50, tags=["violence"])
    tried = section_of(inquired(household, ago(10)), "tried")
    assert "결정으로 연락 단계를 끝냄" in tried
    assert "구청 김민호" not in tried


def test_contacts_and_decisions_stand_in_one_order(household, supervisor, inquired):
    contact(household, ago(0), 60)
    dismissed(household, supervisor, 50, reason="가운데 결정")
    contact(household, ago(0), 40, made=False)
    tried = section_of(inquired(household, ago(10)), "tried")
    assert tried.index("닿지 못함") < tried.index("가운데 결정") < tried.index("만나거나 통화")


def looked_at(by, days, act=Act.OPEN, **whose):
    return AccessLog.objects.create(act=act, at=at(days), **whose, **actor(by))


def test_a_look_that_names_the_household_is_told_whoever_lived_there(household, supervisor, centre, inquired):
    child = members_of(household)[1]
    looked_at(UserFactory(name="먼저봄"), 60, subjects=[child.pk], households=[household.pk])
    looked_at(UserFactory(name="드러냄"), 60, act=Act.REVEAL, subjects=[child.pk])
    elsewhere = HouseholdFactory(center=centre, registered_on=ago(500))
    move_person(child, to=elsewhere, on=ago(50), by=supervisor)
    looked_at(UserFactory(name="나중봄"), 20, act=Act.REVEAL, subjects=[child.pk])
    looked_at(UserFactory(name="딴집봄"), 60, subjects=[child.pk], households=[elsewhere.pk])
    looks = section_of(inquired(household, ago(0)), "looks")
    assert "먼저봄" in looks
    assert "드러냄" in looks, "lived here on that day"
    assert "나중봄" not in looks, "had left"
    assert "딴집봄" not in looks


def test_a_composed_pattern_goes_by_its_name_and_says_its_sentence(household, inquired):
    live_sweep(ago(0))
    params = {**validated(PATTERN), "name_ko": "겹친 체납", "name_en": "Arrears together"}
    evidence = {"v": 1, "facts": [{"kind": "signal", "code": "S01"}, {"kind": "signal", "code": "S05"}]}
    hit = {
        "rule": "P-01", "version": 1, "person": None, "since": str(ago(9)), "weight": 20, "points": 20, "floor": 3,
        "trump": False, "evidence": {**evidence, "params": params},
    }  # fmt: skip
    sweep = Sweep.objects.latest("id")
    Assessment.objects.create(
        household=household, sweep=sweep, on=seoul_day(timezone.now()), known_by=timezone.now(), band=3, score=20,
        hits=[hit], digest="x",
    )  # fmt: skip
    shown = section_of(inquired(household, ago(0)), "shown")
    assert "겹친 체납 · P-01" in shown
    assert "2가지 이상" in shown or "겹친 체납" in shown.split("P-01")[1]
