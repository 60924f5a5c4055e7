"""The demo register: made-up people, the same every time, with something of everything that the product shows."""

import io
import re
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.utils import timezone

from casework.agencies.models import User
from casework.clock import AsOf, day_ends
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, is_number
from casework.touched import Touched
from desks.bench.engine import by_engine, by_sweep
from desks.demo import marginals
from desks.demo.asks import NEEDS
from desks.demo.stories import SCENES
from desks.figures.population import counted
from desks.figures.published import tables_of
from desks.figures.regions import regions
from households.models import (
    Circumstance,
    Contact,
    Dwelling,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionPeriod,
    Residence,
    Screening,
    SettlementReport,
)
from referrals import packet
from referrals.models import Referral
from referrals.states import Status
from risk.bands import Band
from risk.models import (
    Campaign,
    CampaignAnswer,
    CampaignHousehold,
    Feed,
    Flag,
    Incident,
    Review,
    Signal,
    Standing,
)
from tests.desks.checksums import checksums

ON = date(2026, 11, 20)
PEOPLE = 3_000


@pytest.fixture(scope="module")
def twice(clone_database, django_db_blocker):
    """Two databases loaded with the same arguments; the tests look into the second. Yields both lists of checksums."""
    with django_db_blocker.unblock():
        first = _loaded(clone_database())
        second = clone_database()
        sums = _loaded(second)
        with second.connected():
            yield first, sums


def _loaded(clone):
    with clone.connected():
        call_command("demo", people=PEOPLE, seed=7, on=ON, stdout=io.StringIO())
        return checksums()


def test_the_same_arguments_make_the_same_register(twice):
    first, second = twice
    assert first == second


def test_the_register_has_as_many_people_as_asked_for(twice):
    defectors = Particulars.objects.current().filter(is_defector=True)
    assert defectors.count() == PEOPLE
    here = Residence.objects.current().during(ON).filter(status="resident", person__in=defectors.values("person"))
    assert here.count() == round(PEOPLE * marginals.RESIDENTS / marginals.PEOPLE)


def test_most_live_with_one_or_two_others(twice):
    homes = Standing.objects.count()
    members = Membership.objects.current().during(ON)
    sizes = Counter(members.filter(household__in=Standing.objects.values("household")).values_list("household"))
    alone = sum(size == 1 for size in sizes.values())
    assert 0.28 < alone / homes < 0.42
    assert 2.0 < sum(sizes.values()) / homes < 2.5


def test_bands_lie_where_the_rulebook_expects_them(twice):
    number = Standing.objects.count()
    bands = Counter(Standing.objects.values_list("band", flat=True))
    shares = {band: bands[band] / number for band in Band}
    assert 0.002 <= shares[Band.EMERGENCY] <= 0.005
    assert 0.03 <= shares[Band.HIGH] <= 0.06
    assert 0.08 <= shares[Band.MODERATE] <= 0.12
    assert 0.10 <= shares[Band.WATCH] <= 0.15


def test_a_manager_owes_about_sixteen_contacts_a_week(twice):
    managers = User.objects.filter(grants__role="case_manager").count()
    bands = Counter(Standing.objects.values_list("band", flat=True))
    every = {Band.EMERGENCY: 3, Band.HIGH: 14, Band.MODERATE: 35, Band.WATCH: 100, Band.GENERAL: 200}
    owed = sum(7 * bands[band] / days for band, days in every.items())
    at_full_size = owed / PEOPLE * marginals.PEOPLE / 124
    assert 12 <= at_full_size <= 20
    assert managers >= 50  # two in each of the 25 centres, however small the register


def test_contacts_and_signals_are_in_proportion(twice):
    assert 0.85 < Contact.objects.count() / (150_000 * PEOPLE / marginals.PEOPLE) < 1.15
    assert Signal.objects.count() == round(300_000 * PEOPLE / marginals.PEOPLE)
    assert 0.1 < Contact.objects.filter(contact_made=False).count() / Contact.objects.count() < 0.35


def test_signals_become_known_after_they_happened_and_two_feeds_are_late(twice):
    assert not Signal.objects.filter(known_at__date__lte="2024-01-01").exists()
    assert not Signal.objects.extra(where=["known_at::date <= observed_on"]).exists()
    assert sum(feed.days_late(ON) > 0 for feed in Feed.objects.order_by("id")) == 2


def test_circumstances_and_screenings_follow_the_same_hardship(twice):
    stated, screened = Circumstance.objects.current(), Screening.objects.current()
    assert set(stated.values_list("kind", flat=True)) == set(Circumstance.Kind.values)
    assert 0.1 < stated.count() / PEOPLE < 2.5
    lost = stated.filter(kind="employment", value="unemployed").values("person__membership_set__household")
    assert set(Standing.objects.filter(household__in=lost).values_list("band", flat=True)) <= {
        Band.HIGH,
        Band.EMERGENCY,
    }
    assert Circumstance.objects.exclude(superseded_at=None).exists(), "what changed keeps its earlier version"
    assert not screened.filter(known_at__date__lt=F("observed_on")).exists()
    assert screened.filter(item9=True).count() <= Standing.objects.filter(band=Band.EMERGENCY).count()


def test_crises_follow_the_same_hardship_and_some_come_out_of_the_blue(twice):
    urgent = Standing.objects.filter(band__gte=Band.HIGH).values("household")
    living = Incident.objects.exclude(kind="death")
    hard, soft = living.filter(household__in=urgent).count(), living.exclude(household__in=urgent).count()
    share = urgent.count() / Standing.objects.count()
    assert hard > 0
    assert soft > 0
    assert hard / (hard + soft) > 5 * share, "five times as often as by chance"
    assert not Incident.objects.filter(Q(occurred_on__gte=ON) | Q(known_at__date__lt=F("occurred_on"))).exists()


def test_rules_asked_household_by_household_in_python_find_the_same_hits(twice):
    swept = by_sweep(AsOf(on=ON, known_by=day_ends(ON)))
    assert by_engine(ON) == swept
    assert len({rule for rule, _household in swept}) >= 8, "nearly all of the ten find somebody"


def test_nobody_can_be_telephoned_or_mistaken_for_somebody(twice):
    assert all(re.fullmatch("010-0000-[0-9]{4}", number) for number in Phone.objects.values_list("number", flat=True))
    numbers = Person.objects.values_list("case_number", "membership_set__household__number")
    assert all(is_number(person, PERSON_GROUPS) and is_number(home, HOUSEHOLD_GROUPS) for person, home in numbers)
    assert PersonName.objects.filter(family__in=["리", "림", "류", "로", "량"]).exists()


def test_people_of_the_last_five_years_are_under_protection(twice):
    running = ProtectionPeriod.objects.current().during(ON)
    assert running.filter(basis="residence").exists()
    assert (
        running.exclude(person__particulars_set__moved_in_on__gt=date(2021, 11, 20)).filter(basis="residence").count()
        == 0
    )


def test_the_demo_caseworker_has_the_stories_and_something_of_every_level(twice):
    worker = User.objects.get(username="caseworker")
    mine = Standing.objects.filter(household__assignment__worker=worker, household__assignment__kind="main")
    assert set(mine.values_list("band", flat=True)) >= {Band.EMERGENCY, Band.HIGH, Band.MODERATE}
    assert mine.filter(band=Band.HIGH, attempts__gte=2).count() >= 2
    assert Contact.objects.filter(worker=worker, next_at__date=ON).count() >= 4
    assert len({story for story, _place in SCENES}) == 3


def test_referrals_stand_in_every_state_with_what_the_receiver_would_see(twice):
    assert set(Referral.objects.values_list("status", flat=True)) == set(Status.values)
    assert not Referral.objects.filter(status=Status.PROVIDED, provided_at=None).exists()
    sent = Referral.objects.exclude(sent_at=None).select_related("household").order_by("-sent_at").first()
    texts = {"facts": sent.packet["facts"], "hoped": sent.packet["hoped"]}
    day = sent.sent_at.date()
    built = packet.build(
        sent.household,
        on=day,
        sections=["members"],
        texts=texts,
        ground=sent.ground,
        consent=sent.packet.get("consent"),
    )
    assert sorted(built) == sorted(sent.packet)
    assert built["subjects"] == sent.packet["subjects"]
    assert {row["need"] for row in NEEDS} >= set(Referral.objects.values_list("need", flat=True))


def test_some_moved_some_are_not_at_the_address_and_some_are_believed_to_be_in_other_hands(twice):
    found = Flag.objects.open().filter(rule__in=["R-MOVE", "R-SHARED-GAP"]).values_list("rule", "evidence__variant")
    assert {(rule, variant or "") for rule, variant in found} == {
        ("R-MOVE", ""),
        ("R-MOVE", "address"),
        ("R-SHARED-GAP", ""),
    }
    assert len(found) < 0.02 * Standing.objects.count()
    early = Dwelling.objects.filter(known_at__date__lte=F("during__startswith"))
    assert not early.exists(), "a move is known after it happened"


def test_a_survey_runs_and_some_have_answered(twice):
    survey = Campaign.objects.get()
    assert (survey.status, survey.frozen_on < ON <= survey.reply_by) == ("running", True)
    asked = CampaignHousehold.objects.filter(campaign=survey)
    answers = CampaignAnswer.objects.current()
    assert survey.population == asked.exclude(out_reason="empty").count() > 50
    assert 0 < answers.count() < asked.filter(in_scope=True).count()
    assert set(answers.values_list("in_crisis", flat=True)) == {True, False}
    assert not answers.exclude(household__in=asked.filter(in_scope=True).values("household")).exists()


def test_the_statistics_of_the_register_are_the_published_tables(twice):
    """By year and sex, by age at entry, by region: of the register, scaled as the demo is; see test_demo_totals.py."""
    found = counted(date(2023, 12, 31), timezone.now())
    years = {(label, sex): row[sex] for label, row in found.years.items() for sex in marginals.SEXES}
    published = marginals.entrants(PEOPLE)
    assert years == {cell: number for cell, number in published.items() if number or cell[0] in found.years}
    printed = dict(tables_of(found, regions(found.on))[0].rows)
    assert printed["2002"][0].text == str(published["2002", "M"])
    assert printed["2023"][3].text == f"{PEOPLE:,}"
    men = sum(number for (_label, sex), number in published.items() if sex == "M")
    ages = {(label, sex): row[sex] for label, row in found.ages.items() for sex in marginals.SEXES}
    assert ages == marginals.ages(men, PEOPLE - men)
    here = counted(ON, timezone.now()).regions
    assert sum(sum(row.values()) for row in here.values()) == round(PEOPLE * marginals.RESIDENTS / marginals.PEOPLE)
    names = {code: region.name for code, region in regions(ON).items()}
    living = {(names[code], sex): row[sex] for code, row in here.items() for sex in marginals.SEXES}
    moved = sum(abs(living.get(cell, 0) - number) for cell, number in marginals.residents(PEOPLE).items())
    assert moved <= 0.01 * PEOPLE, "but for those who moved since"


def test_settlement_reports_were_sent_and_one_is_being_corrected(twice):
    officer = User.objects.get(username="officer")
    rows = SettlementReport.objects.visible_to(officer).order_by("half_begins", "version")
    assert [(row.half_begins, row.version, row.status) for row in rows] == [
        (date(2025, 7, 1), 1, "sent"),
        (date(2026, 1, 1), 1, "sent"),
        (date(2026, 1, 1), 2, "draft"),
    ]
    assert SettlementReport.objects.counted().filter(half_begins=date(2026, 1, 1)).count() >= 3
    assert all(row.signed_by_id != row.ready_by_id for row in SettlementReport.objects.counted())


def test_the_supervisors_have_reviewed_some_and_left_some(twice):
    urgent = Standing.objects.filter(band__gte=Band.HIGH)
    reviewed = Review.objects.values("household")
    assert urgent.filter(household__in=reviewed).exists()
    assert urgent.exclude(household__in=reviewed).exists()
    assert not Touched.objects.exists()


def test_demo_users_cannot_be_mistaken_for_others(twice):
    assert User.objects.filter(Q(is_demo=False) & ~Q(username="system")).count() == 0
    assert User.objects.values("password").filter(is_demo=True).distinct().count() == 1
    busy = User.objects.filter(grants__role="case_manager").annotate(homes=Count("assignments")).filter(homes=0)
    assert busy.count() < 5


def test_it_is_not_loaded_twice(twice):
    with pytest.raises(CommandError, match="loaded already"):
        call_command("demo", people=PEOPLE)
