"""The page of the back-test: who starts it, how far it is, what it found, and what it does not tell."""

import pytest
from django.utils import timezone

from casework.agencies.models import Agency
from casework.agencies.roles import ROLES
from casework.clock import seoul_day
from desks.backtest.fairness import fairness_for
from desks.backtest.views import Found, compared_for
from risk.backtest import runs as backtest
from risk.backtest.warned import SET
from risk.models import BacktestRun, Review
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.changes import ChangeFactory
from tests.factories.incidents import BacktestFactory
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db
URL = "/backtest/"
SEES = {"ministry_officer", "foundation_officer", "centre_head"}


def counts(warned=0, missed=0, alarms=0, true=0, days=None):
    told = {"warned": warned, "missed": missed, "alarms": alarms, "true": true, "days": days}
    return {**told, "standing": 0, "at_least": 0, "mean": 30.0 if warned else 0.0}


def result(what, kinds=None, unknown=0):
    ends = [end.isoformat() for end in backtest.month_ends(seoul_day(timezone.now()))]
    whole = what[SET]
    return {
        "ends": ends,
        "crises": whole["warned"] + whole["missed"],
        "unknown": unknown,
        "kinds": kinds or {"found": {"warned": whole["warned"], "missed": whole["missed"]}},
        "what": what,
    }


def done(what, kinds=None, **fields):
    return BacktestFactory(state="done", result=result(what, kinds), seconds=31.4, **fields)


def many():
    return {SET: counts(80, 20, 300, 75, [21, 60, 140]), "R-NHI-ARR": counts(3, 97, 40, 3, [20, 30, 40])}


@pytest.mark.parametrize("role", ROLES)
def test_it_is_seen_by_those_who_see_figures_and_started_by_those_who_set_criteria(client, role):
    user = UserFactory(role=role)
    client.force_login(user)
    assert client.get(URL).status_code == (200 if role in SEES else 403)
    answer = client.post("/backtest/start/")
    assert answer.status_code == (302 if role == "ministry_officer" else 403)
    assert BacktestRun.objects.exists() is (role == "ministry_officer")


def test_while_it_runs_the_page_says_how_far_it_is_and_asks_again(client, ministry):
    run = BacktestFactory(state="running", done_months=5)
    client.force_login(ministry)
    html = client.get(URL).content.decode()
    assert "12개 월말 가운데 5개" in html
    assert 'hx-trigger="every 2s"' in html
    part = client.get(URL, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part.headers
    assert "<html" not in part.content.decode()
    BacktestRun.objects.filter(pk=run.pk).update(state="cancelled")
    assert client.get(URL, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_it_is_cancelled_by_a_button_and_a_second_time_changes_nothing(client, ministry):
    run = BacktestFactory()
    client.force_login(ministry)
    assert client.get(f"/backtest/{run.pk}/cancel/").status_code == 405
    client.post(f"/backtest/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == "cancelled"
    html = client.post(f"/backtest/{run.pk}/cancel/", follow=True).content.decode()
    assert "이미 끝난 검증입니다" in html


def test_the_same_tap_twice_starts_one(client, ministry):
    client.force_login(ministry)
    key = "8d3c9a36-6f61-4b5f-9a35-2d5d2f6b8d6a"
    for _tap in range(2):
        client.post("/backtest/start/", {"key": key})
    assert BacktestRun.objects.count() == 1


def test_what_was_found_is_told_with_intervals(client, ministry):
    done(many())
    client.force_login(ministry)
    html = client.get(URL).content.decode()
    assert "80.0%" in html
    assert "71–87%" in html  # Wilson's interval of 80 out of 100
    assert "3.0" in html  # 225 false alarms for 75 true ones


def test_a_criterion_that_warned_of_few_tells_neither_share_nor_days_nor_price():
    line = next(line for line in Found(done(many())).rules if line.code == "R-NHI-ARR")
    assert (line.warned.text, line.share, line.days, line.false_per_true) == ("5 미만", "", None, "")


def test_where_few_were_missed_the_number_warned_of_is_hidden_too():
    found = Found(done({SET: counts(98, 2, 200, 90, [21, 60, 140])}))
    assert (found.whole.warned.state, found.whole.share) == ("hidden", "")


def test_the_shares_by_kind_stand_there_only_when_none_of_them_is_small():
    kinds = {"found": {"warned": 70, "missed": 12}, "death": {"warned": 10, "missed": 8}}
    assert Found(done(many(), kinds)).shares_by_kind
    kinds["death"] = {"warned": 16, "missed": 2}
    assert [kind["share"] for kind in Found(done(many(), kinds)).kinds] == ["", ""]


@pytest.mark.parametrize(
    ("warned", "alarms", "true", "compared"),
    [
        (90, 320, 75, {"days": 5, "later": -5, "alarms": ("300", "320")}),
        (98, 320, 75, {"days": None, "later": None, "alarms": ("300", "320")}),
        (90, 4, 1, {"days": 5, "later": -5, "alarms": ("300", "5 미만")}),
    ],
)
def test_a_change_is_compared_as_far_as_the_counts_behind_it_show(warned, alarms, true, compared):
    change = ChangeFactory(household=HouseholdFactory(), proposed_by=UserFactory(role="ministry_officer"))
    done(many())
    became = {**counts(warned, 100 - warned, alarms, true, [21, 60, 140]), "mean": 35.0}
    done({SET: became}, change=change, numbers=change.numbers)
    assert compared_for(change) == compared


def people(number, *, high=0, sex="F", center=None):
    homes = []
    for place in range(number):
        homes.append(HouseholdFactory(center=center, person_sex=sex))
        stands(homes[-1], 4 if place < high else 1)
    return homes


def rows_of(user, place=0):
    dimension = fairness_for(user, on=seoul_day(timezone.now()))[place]
    return {row.name: row for row in dimension.rows}


def test_flags_are_counted_by_group_with_their_share(ministry):
    people(12, high=6)
    people(11, high=5, sex="M")
    rows = rows_of(ministry)
    assert ([cell.text for cell in rows["여성"].cells[:2]], rows["여성"].flagged) == (["12", "6"], "50.0%")
    assert [cell.text for cell in rows["남성"].cells[:2]] == ["11", "5"]


def test_where_nearly_everybody_is_flagged_the_few_others_are_not_told_by_the_difference(ministry):
    people(12, high=6)
    people(9, high=5, sex="M")
    rows = rows_of(ministry)
    assert [rows[name].cells[1].state for name in ("남성", "여성")] == ["hidden", "hidden"]
    assert [rows[name].flagged for name in ("남성", "여성")] == ["", ""]


def test_of_two_groups_one_small_one_hides_both(ministry):
    people(12, high=6)
    people(9, high=3, sex="M")
    rows = rows_of(ministry)
    assert (rows["남성"].cells[1].text, rows["여성"].cells[1].text) == ("5 미만", "가림")
    assert rows["여성"].flagged == ""


def test_decisions_are_counted_by_the_last_of_the_year(ministry):
    on = seoul_day(timezone.now())
    reviewer = UserFactory(role="supervisor")

    def decide(home, decision, band):
        said = {"household": home, "decision": decision, "band": band, "machine_band": 4, "reason": "-"}
        Review.objects.create(**said, decided_on=on, review_on=on + timezone.timedelta(days=9), recorded_by=reviewer)

    homes = people(20, high=20)
    for home in homes[:12]:
        decide(home, "confirm", 4)
    for home in homes[6:12]:
        decide(home, "adjust", 3)
    row = rows_of(ministry)["여성"]
    assert ([cell.text for cell in row.cells[2:]], row.upheld) == (["6", "6"], "50.0%")


def test_the_head_of_a_centre_counts_the_centre_only():
    centre, other = Agency.objects.get(name_ko="인천하나센터"), Agency.objects.get(name_ko="제주하나센터")
    people(7, center=centre)
    people(9, center=other)
    head = UserFactory(role="centre_head", agency=centre)
    assert rows_of(head)["여성"].cells[0].text == "7"
