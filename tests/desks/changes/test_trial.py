"""What a trial shows on its page and in its file, when it has grown stale, and who has to read."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from risk.models import RuleVersion, Simulation
from risk.sweeps import sweep
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import approved, as_now, change_of, line_of
from tests.factories.risk import SignalFactory

pytestmark = pytest.mark.django_db
WHY = {"reason": "기준 심의 자료"}


@pytest.fixture
def household():
    household = HouseholdFactory(members=["오춘화"])
    SignalFactory(household=household, code_id="S05", months=2)
    sweep(as_now())
    return household


@pytest.fixture
def centres():
    return [CentreFactory(name_ko=name) for name in ("가람하나센터", "나래하나센터", "다솜하나센터")]


def trial(change, centres, *, few=1, lines=()):
    """Keep a trial of `change` over a thousand households; `few` in the place of every small count."""
    moves = [[1, 1, 700], [1, 2, 60], [2, 2, 150 - few], [2, 3, few], [3, 3, 50], [4, 4, 30 - few], [4, 5, few]]
    rows = [
        centre_row(centres[0].pk, 44, 12.0),
        centre_row(centres[1].pk, 22, 9.0),
        centre_row(centres[2].pk, few, 0.4),
    ]
    up = 60 + 2 * few
    counts = {"new": 66 + few, "new_up": up, "cleared": 0, "cleared_down": 0, "up": up, "down": 0}
    counts |= {"entered": few, "left": 0, "changed": up, "households": 1010}
    return Simulation.objects.create(
        change=change,
        numbers=change.numbers,
        on=seoul_day(timezone.now()),
        known_by=timezone.now(),
        seconds=0.4,
        households=1010,
        result={"v": 2, **counts, "moves": [*moves, [5, 5, 20]], "centres": rows, "workers": []},
        sample=list(lines),
        rests_on=RuleVersion.objects.standing(on=seoul_day(timezone.now())),
        recorded_by=change.proposed_by,
    )


def centre_row(centre, new, more):
    owed = [[1, 2, new, more, 0.1 if new > 4 else more]]
    counts = {"households": 340, "workers": 8, "new": new, "cleared": 0, "up": new, "down": 0}
    return {"centre": centre, **counts, "before": 120.0, "after": 120.0 + more, "owed": owed}


def page_of(client, user, change):
    client.force_login(user)
    html = client.get(f"/risk/changes/{change.pk}/").content.decode()
    html = re.sub(r'name="(csrfmiddlewaretoken|client_key)" value="[^"]*"', "", html)
    return re.sub(r'CSRFToken": "[^"]*"|\d+:\d\d', "", html)


def file_of(client, change, user, **told):
    client.force_login(user)
    return client.post(f"/risk/changes/{change.pk}/file/", told)


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


# --- what is shown ---


def test_one_move_or_four_give_the_same_page_and_the_same_file(client, proposer, centres):
    change = change_of(by=proposer, stands="simulated")
    pages, files = [], []
    for few in (1, 2, 4):
        trial(change, centres, few=few)
        files.append(file_of(client, change, proposer, **WHY).content)
        pages.append(page_of(client, proposer, change))
    first = pages[0].splitlines()
    for page in pages[1:]:
        assert [pair for pair in zip(first, page.splitlines(), strict=True) if pair[0] != pair[1]] == []
    assert len(set(files)) == 1
    assert '<span class="few">5 미만</span>' in pages[0]


def test_the_file_holds_what_the_page_shows_and_asks_for_a_reason(client, proposer, centres):
    change = change_of(by=proposer, stands="simulated")
    trial(change, centres)
    assert client.get(f"/risk/changes/{change.pk}/file/").status_code in (302, 405)
    assert file_of(client, change, proposer).status_code == 422
    assert not AccessLog.objects.filter(act="export").exists()
    answer = file_of(client, change, proposer, **WHY)
    rows = rows_of(answer)
    assert ["단계가 바뀌는 가구", "일반", "관심", "60"] in rows
    assert ["단계가 바뀌는 가구", "고위험", "긴급", "5 미만"] in rows
    assert ["새로 표시", "가람하나센터", "", "44"] in rows
    assert ["새로 표시", "다솜하나센터", "", "5 미만"] in rows
    assert ["한 사람의 한 주 연락, 바꾼 뒤", "다솜하나센터", "", "가림"] in rows
    log = AccessLog.objects.filter(act="export").get()
    assert (log.reason, log.detail["change"], log.subjects) == ("기준 심의 자료", change.pk, [])


def test_the_file_of_what_was_not_tried_out_or_is_not_ones_business_is_404(client, proposer, centres):
    change = change_of(by=proposer)
    assert file_of(client, change, proposer, **WHY).status_code == 404
    head = UserFactory(agency=centres[0], role="centre_head")
    assert file_of(client, change, head, **WHY).status_code == 404
    worker = UserFactory(agency=centres[0], role="case_manager")
    assert file_of(client, change, worker, **WHY).status_code == 403


def test_a_centre_sees_itself_exactly_and_no_other_centre(client, household, proposer, centres):
    change = change_of(by=proposer, stands="requested")
    trial(change, centres, few=3)
    head = UserFactory(agency=centres[2], role="centre_head")
    page = page_of(client, head, change)
    assert "다솜하나센터" in page
    assert not [name for name in ("가람하나센터", "나래하나센터") if name in page]
    assert ["새로 표시", "다솜하나센터", "", "3"] in rows_of(file_of(client, change, head, **WHY))


def test_nobody_in_emergency_who_moves_is_said(client, proposer, centres):
    change = change_of(by=proposer, stands="simulated")
    trial(change, centres, few=0)
    assert "새로 생기거나 빠지지 않음" in page_of(client, proposer, change)


# --- a trial that other criteria have overtaken ---


def overtaken(proposer, second):
    """A change that waits for approval, and a change of another rule that was approved since."""
    waiting = change_of(by=proposer, stands="requested", numbers={"months": 2, "weight": 30})
    approved(change_of("R-NHI-ARR", by=proposer, stands="requested", numbers={"weight": 5}), by=second)
    return waiting


def test_a_trial_that_was_overtaken_says_so_and_is_calculated_again(client, household, proposer, second):
    change = overtaken(proposer, second)
    page = page_of(client, second, change)
    assert "다른 기준이 바뀌었습니다" in page
    assert f"/risk/changes/{change.pk}/approve/" not in page
    assert f"/risk/changes/{change.pk}/calculate/" in page
    client.post(f"/risk/changes/{change.pk}/calculate/")
    change.refresh_from_db()
    assert (change.status, change.simulations.count()) == ("requested", 2)
    page = page_of(client, second, change)
    assert "다른 기준이 바뀌었습니다" not in page
    assert "건강보험료" in page, "what was decided and begins later is named"


def test_what_stands_is_not_calculated_again_while_it_waits(client, household, proposer, second):
    change = change_of(by=proposer, stands="requested")
    assert f"/risk/changes/{change.pk}/calculate/" not in page_of(client, second, change)
    answer = client.post(f"/risk/changes/{change.pk}/calculate/", follow=True)
    assert "모의 적용은 그대로 유효합니다" in answer.content.decode()
    assert change.simulations.count() == 1


# --- the second reader ---


def test_the_page_counts_who_read_and_asks_the_second_person_for_one_of_each_kind(
    client, household, proposer, second, centres
):
    change = change_of(by=proposer, stands="requested")
    page = page_of(client, second, change)
    assert "송다인" in page
    assert "다른 사람이 읽은 가구: 0" in page
    assert "자체 기준" in page
    assert f"/risk/changes/{change.pk}/approve/" not in page
    day = seoul_day(timezone.now()) + timedelta(days=3)
    told = {"starts_on": day.isoformat(), "numbers": change.numbers}
    answer = client.post(f"/risk/changes/{change.pk}/approve/", told, follow=True)
    assert "단계가 오르는 가구" in answer.content.decode()
    assert not RuleVersion.objects.filter(code="R-RENT-ARR", version=2).exists()
    client.post(f"/risk/changes/{change.pk}/read/{household.number}/", {"verdict": "right"})
    page = page_of(client, second, change)
    assert "다른 사람이 읽은 가구: 1" in page
    assert f"/risk/changes/{change.pk}/approve/" in page
    client.post(f"/risk/changes/{change.pk}/approve/", told)
    assert RuleVersion.objects.filter(code="R-RENT-ARR", version=2).exists()


def test_each_kind_of_the_sample_is_asked_for(client, household, proposer, second, centres):
    change = change_of(by=proposer, stands="requested")
    lines = [line_of(household, before=3, after=2), line_of(HouseholdFactory(), before=2, after=2)]
    trial(change, centres, lines=lines)
    page = page_of(client, second, change)
    assert "단계가 내리는 가구, 단계가 그대로인 가구" in page
