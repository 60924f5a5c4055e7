"""Evening out the work: few moves, nobody torn from whom they need, a preview that changes nothing, one act, undo."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from desks.centre.weights import Holding, Worker, balanced, holdings_of, loads_after, weigher, workers_of
from households.actions import record_absence
from households.models import Assignment, Particulars, Reassignment
from risk.bands import Band
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.standings import stands

URL = "/centre/reassign/"
GIVE = "/centre/reassign/give/"


def holding(number, worker, weight=4, *, stays=False, band=3):
    return Holding(number, f"{number}", band, worker, number, weight, owed=False, stays=stays)


def carrier(pk, *, room=16, takes=True, gone=False):
    return Worker(SimpleNamespace(pk=pk), 0 if gone else room, takes and not gone, gone)


def weight_of(holdings, plan):
    to = {one.household: worker for one, worker in plan}
    found = {}
    for one in holdings:
        worker = to.get(one.household, one.worker)
        found[worker] = found.get(worker, 0) + one.weight
    return found


def test_the_weights_become_even_with_few_moves_the_heavier_first():
    held = [holding(n, 1, weight) for n, weight in enumerate([10, 10, 10, 4, 4, 2, 2, 1, 1])] + [holding(99, 2, 2)]
    plan = balanced(held, [carrier(1), carrier(2)])
    after = weight_of(held, plan)
    assert abs(after[1] - after[2]) <= 2
    assert [one.weight for one, __ in plan][:2] == [10, 10]
    assert len(plan) <= 3


def test_more_room_takes_more():
    held = [holding(n, 1, 1) for n in range(30)]
    after = weight_of(held, balanced(held, [carrier(1, room=10), carrier(2, room=20)]))
    assert after == {1: 10, 2: 20}


def test_what_stays_is_never_suggested():
    held = [holding(n, 1, 10, stays=True) for n in range(6)]
    assert balanced(held, [carrier(1), carrier(2)]) == []


def test_who_is_on_leave_counsels_or_leads_gives_and_takes_nothing():
    held = [holding(n, 1, 10) for n in range(6)] + [holding(9, 2, 1)]
    assert balanced(held, [carrier(1, takes=False), carrier(2), carrier(3, takes=False)]) == []


def test_households_with_nobody_and_of_somebody_gone_are_given_away_whole():
    held = [holding(1, None, 10, stays=True), holding(2, 7, 4), holding(3, 1, 2)]
    plan = balanced(held, [carrier(1), carrier(2), carrier(7, gone=True)])
    assert {one.household for one, __ in plan} >= {1, 2}
    assert 7 not in {worker for __, worker in plan}


def test_an_even_team_is_left_alone_and_one_alone_has_nobody_to_give_to():
    held = [holding(n, n % 2 + 1, 4) for n in range(20)]
    assert balanced(held, [carrier(1), carrier(2)]) == []
    assert balanced(held, [carrier(1)]) == []
    assert balanced(held, []) == []


@pytest.fixture
def team(centre, worker):
    """서지훈 looks after six at Moderate; 이여유 after one."""
    lee = UserFactory(agency=centre, name="이여유")
    for n in range(6):
        stands(HouseholdFactory(worker=worker, members=[f"많음{n}"]), 3)
    stands(HouseholdFactory(worker=lee, members=["적음"]), 3)
    return worker, lee


def today():
    return seoul_day(timezone.now())


def page(client, user, **asked):
    client.force_login(user)
    return client.get(URL, asked)


def test_the_weights_are_the_bands_numbers_in_force(db):
    weight = weigher(today())
    assert [weight(band) for band in Band] == sorted(weight(band) for band in Band)
    assert weight(Band.EMERGENCY) > weight(Band.HIGH) > weight(Band.MODERATE) > weight(Band.GENERAL)


def test_who_stays_with_whom_they_know(centre, supervisor, team):
    worker, __ = team
    emergency, counselled, foreign = (HouseholdFactory(worker=worker) for _each in range(3))
    for household, band in ((emergency, 5), (counselled, 3), (foreign, 3)):
        stands(household, band)
    counsellor = UserFactory(agency=centre, role="counsellor")
    Assignment.objects.create(household=counselled, worker=counsellor, kind="counsellor")
    Particulars.objects.filter(person=members_of(foreign)[0]).update(superseded_at=timezone.now())
    Particulars.objects.create(person=members_of(foreign)[0], language="zh")
    held = {one.household: one for one in holdings_of(supervisor, on=today())}
    assert [held[one.pk].stays for one in (emergency, counselled, foreign)] == [True] * 3
    assert sum(one.stays for one in held.values()) == 3
    takes = {one.user.name: one.takes for one in workers_of(supervisor, list(held.values()), on=today())}
    assert takes == {"서지훈": True, "이여유": True, supervisor.name: False, counsellor.name: False}


def test_looking_at_a_plan_changes_nothing(client, supervisor, team):
    rows = Assignment.objects.count()
    answer = page(client, supervisor)
    assert [move["to"].name for move in answer.context["moves"]] == ["이여유"] * 2
    loads = {str(load.worker): (load.before[0], load.after[0]) for load in answer.context["loads"]}
    assert loads["서지훈"] == (6, 4)
    assert loads["이여유"] == (1, 3)
    assert Assignment.objects.count() == rows


def sent(answer, keep=None):
    values = [move["value"] for move in answer.context["moves"]]
    return {"move": values[:keep], "key": str(answer.context["key"]), "reason": "업무 조정"}


def test_what_is_ticked_is_given_in_one_act_and_taken_back(client, supervisor, team):
    worker, lee = team
    data = sent(page(client, supervisor))
    for _tap in range(2):
        assert client.post(GIVE, data).headers["Location"] == URL
    made = Reassignment.objects.get()
    assert made.rows.count() == 2
    held = Assignment.objects.current().filter(kind="main", during__contains=today())
    assert held.filter(worker=lee).count() == 3
    undo = reverse("desks:undo_reassign", args=[made.pk])
    assert undo in client.get(URL).content.decode()
    for _tap in range(2):
        assert client.post(undo).status_code == 302
    assert held.filter(worker=lee).count() == 1
    assert held.filter(worker=worker).count() == 6
    assert Reassignment.objects.count() == 2


def test_unticked_households_stay(client, supervisor, team):
    client.post(GIVE, sent(page(client, supervisor), keep=1))
    assert Reassignment.objects.get().rows.count() == 1


def test_the_second_of_two_at_once_is_told(client, supervisor, team):
    first, second = sent(page(client, supervisor)), sent(page(client, supervisor))
    client.post(GIVE, first)
    answer = client.post(GIVE, second, follow=True)
    assert Reassignment.objects.count() == 1
    assert [message.level_tag for message in answer.context["messages"]][-1] == "error"


def test_all_of_one_worker_to_another_or_to_whoever_has_room(client, supervisor, team, centre):
    worker, __ = team
    third = UserFactory(agency=centre, name="박셋째")
    all_to_one = page(client, supervisor, giver=worker.pk, taker=third.pk).context["moves"]
    assert [move["to"].name for move in all_to_one] == ["박셋째"] * 6
    shared = page(client, supervisor, giver=worker.pk).context["moves"]
    assert len(shared) == 6
    assert {move["to"].name for move in shared} == {"이여유", "박셋째"}
    assert page(client, supervisor, giver=worker.pk, taker=third.pk, band=5).context["moves"] == []
    assert page(client, supervisor, giver="none").status_code == 200, "nonsense plans nothing"
    assert page(client, supervisor, giver="none").context["moves"] == []


def test_who_is_away_is_given_nothing(client, supervisor, team):
    __, lee = team
    record_absence(lee, first=today(), last=today(), substitute=None, by=supervisor)
    assert page(client, supervisor).context["moves"] == []


def test_strangers_the_wrong_role_and_get(client, supervisor, team):
    worker, __ = team
    data = sent(page(client, supervisor))
    assert client.get(GIVE).status_code == 405
    client.post(GIVE, data)
    undo = reverse("desks:undo_reassign", args=[Reassignment.objects.get().pk])
    assert client.get(undo).status_code == 405
    client.force_login(worker)
    assert [client.get(URL).status_code, client.post(GIVE, data).status_code] == [403, 403]
    assert client.post(undo).status_code == 403
    client.force_login(UserFactory(role="supervisor"))
    assert client.post(undo).status_code == 404
    assert client.post(GIVE, {**data, "key": str(uuid4())}).status_code == 302
    assert Reassignment.objects.count() == 1, "a stranger's households are not there"


def test_nonsense_in_the_form_gives_nothing(client, supervisor, team):
    stands(HouseholdFactory(center=CentreFactory()), 3)
    client.force_login(supervisor)
    for move in ("", "NOT-A-HOUSE|1|", "|||", "x|y|z"):
        assert client.post(GIVE, {"move": move, "key": "?"}).status_code == 302
    assert not Reassignment.objects.exists()


def test_before_and_after_count_households_weight_and_contacts_owed():
    held = [replace(holding(1, 1, 10), owed=True), holding(2, None, 4)]
    loads = loads_after(held, [carrier(1), carrier(2)], [(held[0], 2)])
    assert [(load.before, load.after) for load in loads] == [
        ((1, 10, 1), (0, 0, 0)),
        ((0, 0, 0), (1, 10, 1)),
        ((1, 4, 0), (1, 4, 0)),
    ]
