"""A restriction is obeyed: by the list, surveys, files, shares, referrals and the rules; and lifted, by none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casework.clock import AsOf, add_months
from desks.atrisk.exported import AtRiskList
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import page_of
from desks.atrisk.rows import row_of
from desks.day.data_requests import DATA_REQUESTS
from desks.day.due import Scope, due_of
from desks.titles import titles_of
from households.actions import share
from households.actions.refusal import Refused
from households.models import Household, Restriction, Share
from households.requests import answering
from households.requests.restricting import why_not_told
from referrals import grounds
from referrals.models import Referral
from referrals.states import Ground
from risk.campaigns.counts import asking_of, to_ask
from risk.campaigns.deeds import check_is_asked
from risk.campaigns.population import Criteria, population
from risk.models import Flag
from risk.sweeps import sweep
from tests.factories import AgencyFactory, HouseholdFactory
from tests.factories.data_requests import restriction
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory, contact
from tests.factories.standings import stands
from tests.factories.surveys import frozen
from tests.households.requests.conftest import taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def stop(cast, at):
    """Return stop(*scopes): the person had these uses stopped by an answered request."""

    def done(*scopes):
        at("answered", "restrict", scopes=list(scopes))
        return Restriction.objects.current().get(person=cast.person, during__contains=cast.on)

    return done


def listed(cast, client):
    client.force_login(cast.boss)
    return client.get(reverse("desks:list")).content.decode()


def test_the_list_names_the_household_by_number_and_says_why(cast, client, stop):
    stands(cast.household)
    assert "정금주" in listed(cast, client)
    held = stop("surveys")
    page = listed(cast, client)
    assert "정금주" not in page
    assert f"{cast.household.number} · 처리정지 요청" in page
    assert "신림동" not in page
    title = titles_of(cast.boss, [cast.household.pk], on=cast.on)[cast.household.pk]
    assert (title.name, title.town) == (f"{cast.household.number} · 처리정지 요청", "")
    answering.lift(held, reason="당사자가 원합니다.", by=cast.boss, now=cast.now)
    assert "정금주" in listed(cast, client)


def test_the_runway_before_the_end_names_nobody_who_asked_to_stop(cast, client):
    begun = add_months(cast.on + timedelta(days=60), -60)
    home = HouseholdFactory(worker=cast.worker, members=["한송이"], under_protection=begun)
    person, name = members_of(home)[0], "한송이"
    client.force_login(cast.boss)
    assert name in client.get(reverse("desks:protection")).content.decode()
    restriction(person, "surveys", by=cast.boss)
    assert name not in client.get(reverse("desks:protection")).content.decode()


def test_shares_that_still_run_are_pointed_out(cast, at, client):
    words = {"reason": "함께 돕습니다.", "until": cast.now + timedelta(days=3), "now": cast.now, "by": cast.boss}
    share(cast.household, AgencyFactory(), **words)
    made = at("answered", "restrict", scopes=["sharing"])
    client.force_login(cast.boss)
    page = client.get(reverse("households:data_request", args=[made.number])).content.decode()
    assert "공유가 1건" in page


def test_the_list_costs_one_query_still(cast, stop, django_assert_num_queries):
    stands(cast.household)
    stop("surveys")
    with django_assert_num_queries(1):
        page = page_of(cast.boss, Filters(), now=cast.now)
    assert row_of(page.rows[0], cast.now).restricted


def test_the_household_is_in_no_survey(cast, stop):
    stands(cast.household)
    other = HouseholdFactory(worker=cast.worker)
    stands(other)
    campaign = frozen(cast.head)
    assert {row.household for row in to_ask(campaign, cast.boss)} == {cast.household, other}
    held = stop("surveys")
    assert [row.household for row in population(Criteria(), agency=cast.centre.pk, on=cast.on)] == [other]
    assert {row.household for row in to_ask(campaign, cast.boss)} == {other}
    assert list(asking_of(cast.household, cast.boss)) == []
    with pytest.raises(Refused):
        check_is_asked(campaign, cast.household)
    answering.lift(held, reason="당사자가 원합니다.", by=cast.boss, now=cast.now)
    assert {row.household for row in to_ask(campaign, cast.boss)} == {cast.household, other}


def test_another_scope_leaves_surveys_alone(cast, stop):
    stands(cast.household)
    stop("sharing")
    assert population(Criteria(), agency=cast.centre.pk, on=cast.on).count() == 1


def test_a_file_that_leaves_does_not_hold_the_household(cast, stop):
    stands(cast.household)
    kind, asked = AtRiskList(), {"query": ""}
    assert kind.ids(cast.boss, asked, now=cast.now) == [cast.household.pk]
    assert kind.still(cast.boss, [cast.household.pk], [])
    stop("sharing")
    assert kind.ids(cast.boss, asked, now=cast.now) == []
    assert kind.lines(cast.boss, asked, [cast.household.pk], now=cast.now) == []
    assert not kind.still(cast.boss, [cast.household.pk], [])


def test_a_share_with_another_agency_is_refused_unless_in_urgent_danger(cast, stop):
    elsewhere = AgencyFactory()
    stop("sharing")
    words = {"reason": "함께 돕습니다.", "until": cast.now + timedelta(days=3), "now": cast.now, "by": cast.boss}
    with pytest.raises(Refused):
        share(cast.household, elsewhere, **words)
    assert share(cast.household, cast.head, **words)
    assert not Share.objects.filter(to_agency=elsewhere).exists()


def test_a_share_in_urgent_danger_goes_through_and_is_kept_as_such(cast, stop, client):
    stop("sharing")
    client.force_login(cast.boss)
    path = reverse("households:share", args=[cast.household.number])
    said = {"user": cast.stranger.username, "until": cast.on + timedelta(days=3), "reason": "오늘 밤이 위험합니다."}
    assert client.post(path, said).status_code == 422
    assert client.post(path, {**said, "urgent": "on"}).status_code == 302
    assert Share.objects.filter(to_user=cast.stranger).exists()


def test_a_referral_about_the_person_is_refused_unless_in_urgent_danger(cast, stop):
    referral = ReferralFactory(household=cast.household, sender=cast.worker, ground=Ground.DUTY, stands="draft")
    people = [one.pk for one in cast.people]
    Referral.objects.filter(pk=referral.pk).update(packet={**referral.packet, "subjects": people, "note": "위급"})
    referral.refresh_from_db()
    stop("sharing")
    with pytest.raises(ValidationError):
        grounds.check(referral, on=cast.on)
    referral.ground = Ground.DANGER
    assert grounds.check(referral, on=cast.on) is None
    assert why_not_told(people[1:]) == "", "about somebody else of the household it is not stopped"


def swept(cast):
    sweep(AsOf.live(cast.now))
    return set(Flag.objects.open().filter(household=cast.household).values_list("rule", flat=True))


def test_the_rules_go_on_for_the_safety_of_life_alone(cast, stop):
    SignalFactory(household=cast.household, code_id="S01", months=5)
    contact(cast.household, cast.on, 2, tags=["self_harm", "job_loss"], people=[cast.person])
    assert {"R-SUI", "R-NHI-ARR", "R-JOB-LOSS"} <= swept(cast)
    held = stop("evaluation")
    assert swept(cast) == {"R-SUI"}
    answering.lift(held, reason="당사자가 원합니다.", by=cast.boss, now=cast.now)
    assert {"R-SUI", "R-NHI-ARR", "R-JOB-LOSS"} <= swept(cast)


def test_what_concerns_the_others_of_the_household_is_judged_still(cast, stop):
    stop("evaluation")
    SignalFactory(person=members_of(cast.household)[1], code_id="S01", months=5)
    assert "R-NHI-ARR" in swept(cast)


def test_what_was_asked_later_does_not_change_an_earlier_day(cast, stop):
    SignalFactory(household=cast.household, code_id="S01", months=5, ago=20)
    stop("evaluation")
    past = AsOf(on=cast.on - timedelta(days=2), known_by=cast.now - timedelta(days=2))
    assert sweep(past, live=False).rules["R-NHI-ARR"] == 1


def test_an_open_request_is_due_on_its_last_day(cast, django_assert_num_queries):
    made = taken(cast, days_ago=4)
    scope = Scope(cast.boss, Household.objects.filter(pk=cast.household.pk).values("pk"), cast.on)
    with django_assert_num_queries(1):
        found = due_of([DATA_REQUESTS], scope)
    assert [(one.household, one.person, one.key, one.day) for one in found] == [
        (cast.household.pk, cast.person.pk, made.number, cast.on + timedelta(days=6))
    ]


def test_the_case_says_what_is_open_and_what_is_stopped(cast, stop, client):
    stop("sharing")
    made = taken(cast, "explain")
    client.force_login(cast.worker)
    page = client.get(reverse("desks:case", args=[cast.household.number])).content.decode()
    assert reverse("households:data_request", args=[made.number]) in page
    assert reverse("households:data_request_new", args=[cast.person.case_number]) in page
    assert "처리정지" in page
