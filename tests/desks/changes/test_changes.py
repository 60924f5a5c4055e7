"""The pages of a change: propose, see what it would do, read the households, ask, approve, discard."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from desks.changes.charts import bars_of, flow_of, matrix_of
from desks.changes.masked import masked
from desks.figures.suppression import suppressed
from risk.models import ChangeReading, RuleChange, RuleVersion
from risk.sweeps import sweep
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN, as_now, change_of
from tests.factories.risk import SignalFactory


@pytest.fixture
def household(db):
    centre = CentreFactory(name_ko="시험하나센터")
    worker = UserFactory(name="하도윤", agency=centre, role="case_manager")
    household = HouseholdFactory(members=["오춘화", "박유나"], worker=worker)
    SignalFactory(household=household, code_id="S05", months=2)
    sweep(as_now())
    return household


@pytest.fixture
def change(household, proposer):
    return change_of(by=proposer, stands="simulated", numbers={"months": 2, "weight": 30})


def numbers(**other):
    told = {"months": "2", "weight": "30", "look_back": "365", "notice_weight": "40", "why": "더 일찍 알아야 합니다"}
    return {**told, "client_key": str(uuid4()), **other}


def see(client, user, change):
    client.force_login(user)
    return client.get(f"/risk/changes/{change.pk}/").content.decode()


# --- proposing ---


def test_a_change_begins_at_a_criterion_and_is_tried_out_at_once(client, household, proposer):
    client.force_login(proposer)
    assert "/risk/changes/new/R-RENT-ARR/" in client.get("/risk/criteria/").content.decode()
    assert client.get("/risk/changes/new/R-RENT-ARR/").status_code == 200
    answer = client.post("/risk/changes/new/R-RENT-ARR/", numbers())
    change = RuleChange.objects.get()
    assert answer.headers["Location"] == f"/risk/changes/{change.pk}/"
    assert (change.status, change.parameters["months"]) == ("simulated", 2)
    assert RuleVersion.objects.filter(code="R-RENT-ARR").count() == 1


def test_the_same_form_sent_twice_makes_one_change(client, household, proposer):
    client.force_login(proposer)
    told = numbers()
    for _ in range(2):
        client.post("/risk/changes/new/R-RENT-ARR/", told)
    assert RuleChange.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"months": "99"}, "개월: 1부터 24까지의 정수를 써 주십시오."),
        ({"months": "두 달"}, "id_months_error"),
        ({"why": ""}, "id_why_error"),
        ({"months": "3", "weight": "20"}, "지금 시행 중인 기준과 다른 것이 없습니다."),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_nothing_is_kept(told, said, client, household, proposer):
    client.force_login(proposer)
    answer = client.post("/risk/changes/new/R-RENT-ARR/", numbers(**told))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not RuleChange.objects.exists()


def test_a_signal_pattern_is_composed_from_lists_and_numbers(client, household, proposer):
    SignalFactory(household=household, code_id="S01", months=2)
    sweep(as_now())
    client.force_login(proposer)
    assert "임대료" in client.get("/risk/changes/new/pattern/").content.decode()
    told = {name: "" if value is None else value for name, value in PATTERN.items()}
    names = {"name_ko": "겹친 체납", "name_en": "Arrears together", "why": "함께 밀리면 어렵습니다"}
    client.post("/risk/changes/new/pattern/", {**told, **names, "client_key": str(uuid4())})
    change = RuleChange.objects.get()
    assert (change.code, change.pattern, change.base) == ("P-01", PATTERN, None)
    page = see(client, proposer, change)
    assert household.number in page
    assert "겹친 체납" in page


def test_an_unknown_rule_is_404(client, proposer):
    client.force_login(proposer)
    assert client.get("/risk/changes/new/R-GONE/").status_code == 404


# --- the page ---


def test_the_page_says_what_would_change_and_that_the_law_is_left(client, proposer, change, household):
    page = see(client, proposer, change)
    assert "아직 아무것도 바뀌지 않았습니다." in page
    assert "사회보장급여법 제12조" in page
    assert "자체 기준" in page
    assert household.number in page
    assert not [name for name in ("오춘화", "박유나", "하도윤") if name in page]


def test_looking_at_the_sample_is_logged_with_whose_facts_were_shown(client, proposer, change, household):
    see(client, proposer, change)
    log = AccessLog.objects.order_by("-id").first()
    assert log.households == [household.pk]
    assert len(log.subjects) == 2


def test_the_proposer_calculates_with_other_numbers(client, proposer, change):
    client.force_login(proposer)
    client.post(f"/risk/changes/{change.pk}/calculate/", numbers(months="1"))
    change.refresh_from_db()
    assert (change.parameters["months"], change.status) == (1, "simulated")
    answer = client.post(f"/risk/changes/{change.pk}/calculate/", numbers(months="0"))
    assert answer.status_code == 422


def test_somebody_else_calculates_again_and_edits_nothing(client, second, change):
    client.force_login(second)
    assert 'name="months"' not in see(client, second, change)
    client.post(f"/risk/changes/{change.pk}/calculate/", numbers(months="1"))
    change.refresh_from_db()
    assert change.parameters["months"] == 2
    assert change.simulations.count() == 2


def test_reading_asking_and_approving(client, proposer, second, change, household):
    page = see(client, proposer, change)
    ask, read = f"/risk/changes/{change.pk}/request/", f"/risk/changes/{change.pk}/read/{household.number}/"
    assert ask not in page
    client.post(read, {"verdict": "worrying", "words": "아이가 있는 집"})
    assert ChangeReading.objects.get().words == "아이가 있는 집"
    page = see(client, proposer, change)
    assert ask in page
    assert "아이가 있는 집" in page
    client.post(ask)
    assert f"/risk/changes/{change.pk}/approve/" not in see(client, proposer, change)
    assert client.post(f"/risk/changes/{change.pk}/approve/").status_code == 403
    assert f"/risk/changes/{change.pk}/approve/" not in see(client, second, change), "nobody but the proposer has read"
    client.post(read, {"verdict": "right"})
    assert f"/risk/changes/{change.pk}/approve/" in see(client, second, change)
    day = seoul_day(timezone.now()) + timedelta(days=3)
    change.refresh_from_db()
    for numbers in ("", "0" * 32):
        client.post(f"/risk/changes/{change.pk}/approve/", {"starts_on": day.isoformat(), "numbers": numbers})
        assert not RuleVersion.objects.filter(code="R-RENT-ARR", version=2).exists(), "other numbers than were shown"
    client.post(f"/risk/changes/{change.pk}/approve/", {"starts_on": day.isoformat(), "numbers": change.numbers})
    assert RuleVersion.objects.get(code="R-RENT-ARR", version=2).in_force.lower == day
    assert "정해준" in see(client, proposer, change)


def test_a_worry_without_words_and_a_verdict_of_nobody_are_refused(client, proposer, change, household):
    client.force_login(proposer)
    url = f"/risk/changes/{change.pk}/read/{household.number}/"
    for told in ({"verdict": "worrying"}, {}, {"verdict": "perhaps"}):
        client.post(url, told)
    assert not ChangeReading.objects.exists()
    assert client.post(f"/risk/changes/{change.pk}/read/AAAA-AAA-A/", {"verdict": "right"}).status_code == 404


def test_a_change_is_discarded_with_a_reason_and_only_once(client, second, change):
    client.force_login(second)
    url = f"/risk/changes/{change.pk}/discard/"
    client.post(url, {"reason": ""})
    change.refresh_from_db()
    assert change.status == "simulated"
    client.post(url, {"reason": "자료가 부족합니다"})
    answer = client.post(url, {"reason": "다시"}, follow=True)
    change.refresh_from_db()
    assert change.discarded_because == "자료가 부족합니다"
    assert answer.status_code == 200


def test_steps_refuse_get_and_unknown_words(client, proposer, change):
    client.force_login(proposer)
    assert client.get(f"/risk/changes/{change.pk}/approve/").status_code == 405
    assert client.post(f"/risk/changes/{change.pk}/simulate/").status_code == 404


# --- the centres ---


def test_a_centre_sees_its_own_workers_by_name_and_no_household(client, proposer, household):
    change = change_of(by=proposer, stands="requested", numbers={"months": 2, "weight": 45})
    head = UserFactory(agency=household.responsibility_set.get().center, role="centre_head")
    page = see(client, head, change)
    assert "하도윤" in page
    assert household.number not in page
    assert not [word for word in ("calculate", "discard") if word in page]
    other = UserFactory(agency=CentreFactory(), role="supervisor")
    assert "하도윤" not in see(client, other, change)
    assert "하도윤" not in see(client, proposer, change)


def test_a_draft_is_not_the_centres_business(client, proposer, change):
    client.force_login(UserFactory(agency=CentreFactory(), role="supervisor"))
    assert client.get(f"/risk/changes/{change.pk}/").status_code == 404
    assert client.get("/risk/changes/").status_code == 200


# --- the drawings ---


def test_the_flow_draws_each_move_once_and_a_small_one_as_a_thread():
    moves = masked([[1, 1, 900], [1, 2, 60], [2, 1, 7], [2, 2, 80], [3, 4, 3], [3, 3, 50], [4, 4, 30], [5, 5, 20]])
    flow = flow_of(moves)
    assert sorted((ribbon["up"], ribbon["count"]) for ribbon in flow.ribbons) == [(False, 7), (True, 0), (True, 60)]
    assert [(bar["band"], bar["before"].value, bar["after"].value, bar["more"]) for bar in flow.bars][-3:] == [
        (3, 53, 53, "±0"),
        (2, 87, 140, "+53"),
        (1, 960, 907, "−53"),
    ]
    assert sum(row["all"].value for row in matrix_of(moves)) == 1150


def test_small_counts_of_a_centre_are_words_and_no_bar():
    rows = [{"key": n, "name": str(n)} for n in range(4)]
    new = suppressed({n: {None: count} for n, count in enumerate((40, 12, 3, 9))})
    cleared = suppressed({n: {None: 0} for n in range(4)})
    drawn = bars_of(rows, new, cleared)["lines"]
    assert [line["new"]["state"] for line in drawn] == ["exact", "exact", "few", "hidden"]
    assert {line["cleared"]["width"] for line in drawn} == {0}
