"""What the office does afterwards: its box, its clocks, the answers that come back to it, confirming, asking anew."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.telling.models import Notification
from referrals import actions, thread
from referrals.alarms.raising import raise_alarms
from referrals.models import Alarm, Referral
from tests.factories import UserFactory
from tests.factories.agencies import give
from tests.factories.referrals import ReferralFactory
from tests.referrals.offices.conftest import typed, url_of

pytestmark = pytest.mark.django_db


def detail(referral):
    return reverse("referrals:detail", args=[referral.number])


def step(referral, verb):
    return reverse("referrals:step", args=[referral.number, verb])


def done(people):
    boss = people.boss
    return [
        ("send", people.officer, {}),
        ("acknowledge", boss, {}),
        ("accept", boss, {}),
        ("begin", boss, {}),
        ("provide", boss, {"outcome": "provided", "text": "방문하였습니다."}),
    ]


def test_the_answer_comes_back_to_the_office_which_confirms_and_closes(page, people, ask):
    made = ask(*done(people))
    assert Notification.objects.filter(user=people.officer, kind="provided").exists()
    boxes = page.get(people.second, reverse("referrals:inbox") + "?box=sent").content.decode()
    assert made.number in boxes
    assert page.post(people.boss, step(made, "confirm")).status_code == 403
    for verb in ("confirm", "confirm", "close"):
        assert page.post(people.second, step(made, verb)).status_code == 200
    made.refresh_from_db()
    assert made.status == "closed"
    assert page.get(people.officer, detail(made)).status_code == 200
    assert page.get(people.stranger, detail(made)).status_code == 404
    assert page.get(people.second, detail(made)).status_code == 404, "what is finished stays with whoever asked"


def test_who_holds_the_role_no_more_sees_it_no_more(people, ask):
    made = ask(("send", people.officer, {}))
    assert Referral.objects.visible_to(people.second).filter(pk=made.pk).exists()
    people.second.grants.all().delete()
    assert not Referral.objects.visible_to(people.second).exists()


def test_a_town_worker_of_the_same_office_does_not_see_it(people, ask):
    made = ask(("send", people.officer, {}))
    town = UserFactory(agency=people.city, role="town_worker")
    assert not Referral.objects.visible_to(town).filter(pk=made.pk).exists()


def test_a_question_is_answered_by_the_office(people, ask):
    made = ask(*done(people)[:2])
    asked = thread.ask(made, by=people.boss, now=timezone.now(), text="언제 마지막으로 뵈었습니까?")
    assert Notification.objects.filter(user=people.officer, kind="asked").exists()
    said = thread.answer(asked, by=people.second, now=timezone.now(), text="지난주입니다.")
    assert said.agency == people.city


def test_when_the_sender_has_left_all_who_ask_there_are_told(people, ask):
    made = ask(("send", people.officer, {}))
    people.officer.is_active = False
    people.officer.save()
    reason = {"reason": "관할이 아닙니다."}
    actions.VERBS["decline"](made, by=people.boss, now=timezone.now(), **reason)
    assert Notification.objects.filter(user=people.second, kind="came_back").exists()


def test_what_came_back_is_asked_anew_of_another_agency(page, people, person, ask):
    made = ask(("send", people.officer, {}), ("decline", people.boss, {"reason": "관할이 아닙니다."}))
    again = f"{url_of(person)}?again={made.number}"
    assert again in page.get(people.officer, detail(made)).content.decode()
    form = page.get(people.officer, again)
    assert form.context["form"].initial["again"] == made.number
    assert "방문을 부탁드립니다." in form.content.decode()
    page.post(people.officer, again, **typed(people, to_agency=people.jobs.pk, again=made.number))
    following = Referral.objects.exclude(pk=made.pk).get()
    assert following.follows == made
    page.post(people.officer, step(following, "send"))
    made.refresh_from_db()
    assert made.status == "cancelled"


def test_what_the_centre_passes_on_stays_with_the_office(people, ask):
    made = ask(("send", people.officer, {}))
    words = {"reason": "고용센터 업무입니다.", "to_agency": people.jobs}
    ended = actions.VERBS["reroute"](made, by=people.boss, now=timezone.now(), **words)
    following = ended.rerouted_to
    assert (following.status, following.from_agency) == ("sent", people.city)
    assert following.packet == made.packet
    assert Referral.objects.visible_to(people.officer).filter(pk=following.pk).exists()


def test_the_ladder_names_the_officers_on_the_sending_side(people, ask):
    made = ask(("send", people.officer, {}))
    long_ago = timezone.now() - timedelta(days=60)
    Referral.objects.filter(pk=made.pk).update(sent_at=long_ago, clock_from=long_ago)
    raise_alarms(timezone.now())
    named = set(Alarm.objects.filter(referral=made).values_list("to_user", flat=True))
    assert {people.officer.pk, people.second.pk, people.boss.pk} <= named


def test_the_board_and_the_list_have_the_side_of_what_was_sent(page, people, ask):
    ask(("send", people.officer, {}))
    board = page.get(people.officer, reverse("desks:board") + "?side=sent")
    assert board.context["side"] == "sent"
    assert page.get(people.officer, reverse("desks:board")).context["side"] == "received"


def test_the_role_at_a_centre_shows_nothing_of_what_the_centre_sent_from_its_files(people):
    colleague = UserFactory(agency=people.centre)
    give(people.worker, "residence_officer")
    made = ReferralFactory(sender=colleague, receiver=people.officer)
    assert not Referral.objects.visible_to(people.worker).filter(pk=made.pk).exists()
