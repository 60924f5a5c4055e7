"""What ends a run of attempts beside a talk: a confirmed whereabouts, a supervisor's decision; and what does not."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.agencies.roles import ROLES, May
from casework.audit.models import Event
from casework.clock import seoul_day
from households.actions import record_whereabouts
from households.models import Whereabouts
from risk.actions import Refused
from risk.models import SearchAgreement, SearchEnd
from risk.reach import actions as reach
from risk.reach.views import NO_REASON
from tests.factories import ContactFactory, HouseholdFactory, UserFactory
from tests.factories.agencies import day_at
from tests.factories.households import members_of, system
from tests.factories.risk import as_of, contact, live_sweep, verdict
from tests.factories.standings import stands

ON = date(2025, 11, 19)
TODAY = seoul_day(timezone.now())
pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    household = HouseholdFactory(registered_on=ON - timedelta(days=600), members=2)
    contact(household, ON, 60)
    for ago in (20, 15):
        contact(household, ON, ago, made=False)
    return household


def found(home, ago, *, known_ago=None, person=None):
    known = day_at(ON - timedelta(days=ago if known_ago is None else known_ago))
    return Whereabouts.objects.create(
        person=person or members_of(home)[0],
        where="hospital",
        evidence="office",
        words="원무과 확인",
        observed_on=ON - timedelta(days=ago),
        known_at=known,
        recorded_by=system(),
    )


def fails(home, question=None):
    return "R-CON-FAIL" in verdict(home, question or as_of(ON))["rules"]


def test_a_confirmed_whereabouts_ends_the_run_and_is_no_contact(home):
    assert fails(home)
    before = verdict(home, as_of(ON))
    found(home, 10)
    assert not fails(home)
    after = verdict(home, as_of(ON))
    assert ("R-CON-GAP" in after["rules"]) or before["band"] >= after["band"], "the contact stays owed"


def test_attempts_after_the_day_it_was_confirmed_begin_a_new_run(home):
    found(home, 17)
    assert not fails(home), "one attempt is left"
    contact(home, ON, 3, made=False)
    assert fails(home)


def test_what_is_learned_later_ends_nothing_earlier(home):
    found(home, 10, known_ago=2)
    assert fails(home, as_of(ON - timedelta(days=5)))
    assert not fails(home)


def test_where_a_violence_marker_exists_only_the_persons_own_word_counts(home):
    contact(home, ON, 50, tags=("violence",))
    found(home, 10)
    assert fails(home)


@pytest.fixture
def centre_people():
    boss = UserFactory(role="supervisor", name="문가람")
    head = UserFactory(role="centre_head", agency=boss.agency, name="구센터")
    return boss, head, UserFactory(agency=boss.agency)


def lost(boss, worker, band):
    household = HouseholdFactory(worker=worker)
    stands(household, band, attempts=3)
    return household


def decide(household, boss, **said):
    values = {"reason": "met", "evidence": "관악구청 김○○ 주무관이 11. 18. 직접 만남", "on": TODAY, **said}
    return reach.end_search(household, by=boss, **values)


def test_a_decision_ends_the_run_below_high_and_of_high_once_a_second_person_agrees(home):
    live_sweep(ON)
    boss, second = UserFactory(role="supervisor"), UserFactory(role="centre_head")
    made = reach.end_search(home, reason="met", evidence="직접 만남", by=boss, on=ON)
    assert made.machine_band >= 3
    if made.needs_second:
        assert fails(home, as_of(ON, hours=24 * 500))
        reach.agree_to_end(made, by=second)
    live = as_of(ON, hours=24 * 500)
    assert not fails(home, live)
    assert fails(home), "as known at that time it had not been decided"


def test_of_high_nothing_counts_without_the_second_person(centre_people):
    boss, head, worker = centre_people
    made = decide(lost(boss, worker, 4), boss)
    assert made.needs_second
    with pytest.raises(Refused):
        reach.agree_to_end(made, by=boss)
    assert reach.agree_to_end(made, by=head) == reach.agree_to_end(made, by=head)
    assert SearchAgreement.objects.count() == 1


def test_below_high_it_counts_at_once_and_needs_nobody(centre_people):
    boss, head, worker = centre_people
    made = decide(lost(boss, worker, 3), boss)
    assert not made.needs_second
    with pytest.raises(Refused):
        reach.agree_to_end(made, by=head)


def test_a_reason_in_free_words_counts_only_once_a_second_person_agrees(centre_people):
    boss, head, worker = centre_people
    made = decide(lost(boss, worker, 3), boss, reason="other", evidence="연락이 닿지 않음")
    assert made.needs_second
    assert reach.agree_to_end(made, by=head).end == made


def decided(home, **said):
    fixed = {"evidence": "직접 만남", "decided_on": ON, "recorded_by": system()}
    return SearchEnd.objects.create(household=home, **fixed, **said)


def test_the_database_knows_which_decisions_need_a_second_person(home):
    for band in (1, 3, 4, 5):
        for reason in SearchEnd.Reason.values:
            made = decided(home, reason=reason, machine_band=band)
            assert made.needs_second == (band >= 4 or reason == "other"), "also as it comes back from the saving"


@pytest.mark.parametrize("reason", ["met", "other"])
def test_what_needs_no_second_person_ends_the_run_and_the_rest_only_with_the_yes(home, reason):
    made = decided(home, reason=reason, machine_band=3)
    live = as_of(ON, hours=24 * 500)
    assert fails(home, live) == made.needs_second
    SearchAgreement.objects.create(end=made, recorded_by=UserFactory())
    assert not fails(home, live)


def test_without_evidence_without_attempts_or_with_no_reason_it_is_refused(centre_people):
    boss, __, worker = centre_people
    household = lost(boss, worker, 4)
    for wrong in ({"evidence": "  "}, *({"reason": word} for word in NO_REASON)):
        with pytest.raises(Refused):
            decide(household, boss, **wrong)
    quiet = HouseholdFactory(worker=worker)
    stands(quiet, 4)
    with pytest.raises(Refused):
        decide(quiet, boss)
    assert not SearchEnd.objects.exists()


def test_twice_is_once(centre_people):
    boss, __, worker = centre_people
    household, key = lost(boss, worker, 4), uuid4()
    assert decide(household, boss, client_key=key) == decide(household, boss, client_key=key)
    assert decide(household, boss) == decide(household, boss), "said the same way again"
    assert Event.objects.filter(verb="search ended").count() == SearchEnd.objects.count() == 1


def test_the_same_words_on_the_same_day_end_a_second_run_of_attempts_too(centre_people):
    boss, __, worker = centre_people
    household = lost(boss, worker, 3)
    first = decide(household, boss)
    ContactFactory(household=household, contact_made=False, occurred_at=timezone.now())
    second = decide(household, boss)
    assert second != first
    assert decide(household, boss) == second
    assert SearchEnd.objects.count() == 2


def page(household):
    return reverse("risk:end_search", args=[household.number])


def test_the_page_decides_and_the_second_person_agrees(client, centre_people):
    boss, head, worker = centre_people
    household = lost(boss, worker, 4)
    client.force_login(boss)
    assert client.get(page(household)).status_code == 200
    answer = client.post(page(household), {"reason": "met", "evidence": "직접 만남", "client_key": str(uuid4())})
    assert answer.status_code == 302
    made = SearchEnd.objects.get()
    agree = reverse("risk:agree_to_end", args=[household.number, made.pk])
    client.post(agree)
    assert not SearchAgreement.objects.exists(), "whoever decided is not the second person"
    client.force_login(head)
    assert "두 번째 사람으로 동의" in client.get(page(household)).content.decode()
    for _twice in range(2):
        assert client.post(agree).status_code == 302
    assert SearchAgreement.objects.get().recorded_by == head


@pytest.mark.parametrize("word", NO_REASON)
def test_what_is_no_reason_is_refused_with_what_to_do_instead(client, centre_people, word):
    boss, __, worker = centre_people
    household = lost(boss, worker, 4)
    client.force_login(boss)
    answer = client.post(page(household), {"reason": word, "evidence": "그렇게 들음", "client_key": str(uuid4())})
    assert answer.status_code == 422
    assert str(NO_REASON[word][1]) in answer.content.decode()
    assert not SearchEnd.objects.exists()


def test_strangers_the_wrong_role_and_get(client, centre_people):
    boss, __, worker = centre_people
    household = lost(boss, worker, 4)
    made = decide(household, boss)
    agree = reverse("risk:agree_to_end", args=[household.number, made.pk])
    client.force_login(UserFactory(role="supervisor"))
    assert client.get(page(household)).status_code == client.post(agree).status_code == 404
    client.force_login(worker)
    assert client.get(page(household)).status_code == client.post(agree).status_code == 403
    client.force_login(boss)
    assert client.get(agree).status_code == 405
    assert May.REVIEW in ROLES["centre_head"].words


def test_whereabouts_said_twice_is_one_fact(home):
    person = members_of(home)[0]
    said = {"where": "abroad", "evidence": "office", "words": "출입국 기록", "observed_on": ON}
    first = record_whereabouts(person, by=system(), **said)
    assert record_whereabouts(person, by=system(), **said) == first
    assert Event.objects.filter(verb="whereabouts_recorded").count() == 1
