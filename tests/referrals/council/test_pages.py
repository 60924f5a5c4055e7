"""The pages and buttons: each works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice is once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from referrals.council import actions, material
from referrals.models import AgendaItem, Council, CouncilMeeting, CouncilMember
from tests.factories import HouseholdFactory
from tests.referrals.council.conftest import agrees, planned, start, task

pytestmark = pytest.mark.django_db


def meeting_url(meeting):
    return reverse("referrals:meeting", args=[meeting.number])


def step_url(meeting, verb):
    return reverse("referrals:meeting_step", args=[meeting.number, verb])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_local_government_sets_up_a_council_and_is_its_first_member(page, people):
    url, sent = (
        reverse("referrals:council_new"),
        {"kind": "security", "name": "지역사회보장협의체", "client_key": uuid4()},
    )
    assert page.get(people.officer, url).status_code == 200
    for wrong in (people.worker, people.helper, people.boss):
        assert page.post(wrong, url, **sent).status_code == 403
    assert page.post(people.officer, url, name="").status_code == 422
    page.post(people.officer, url, **sent)
    page.post(people.officer, url, **sent)
    made = Council.objects.get()
    assert [seat.agency for seat in made.members.all()] == [people.city]
    assert [str(place.name) for place in made.districts.all()] == ["관악구"]
    assert page.post(people.second, url, kind="regional", name="지역사회보장협의체").status_code == 422


def test_members_are_entered_and_leave(page, client, people, council):
    url = reverse("referrals:council_member", args=[council.pk])
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    seat = council.members.get(agency=people.police)
    end = reverse("referrals:council_member_end", args=[seat.pk])
    client.force_login(people.officer)
    assert client.get(url).status_code == 405
    assert client.get(end).status_code == 405
    for wrong, status in ((people.stranger, 404), (people.worker, 403), (people.helper, 403)):
        assert page.post(wrong, url, whom=f"a{people.police.pk}").status_code == status
        assert page.post(wrong, end).status_code == status
    page.post(people.officer, end)
    assert not council.members.on(timezone.localdate()).filter(agency=people.police).exists()
    assert page.post(people.officer, end).status_code == 200
    assert page.post(people.officer, url, whom="").status_code == 422
    own = council.members.get(agency=people.city)
    page.post(people.officer, reverse("referrals:council_member_end", args=[own.pk]))
    assert council.members.on(timezone.localdate()).filter(agency=people.city).exists()


def test_who_works_in_the_district_can_be_entered(page, people, council):
    from tests.factories.referrals import OfficeFactory

    office = OfficeFactory(name_ko="시험 복지관")
    page.post(people.officer, reverse("referrals:council_member", args=[council.pk]), whom=f"a{office.pk}")
    assert CouncilMember.objects.filter(council=council, agency=office).count() == 1


def test_a_meeting_is_planned_and_shown_for_seven_days_unless_said(page, people, council):
    url, at = reverse("referrals:meeting_new", args=[council.pk]), timezone.now() + timedelta(days=4)
    sent = {"starts_at": local(at), "place": "대회의실", "chair": "부구청장", "client_key": uuid4()}
    assert page.get(people.officer, url).status_code == 200
    assert page.post(people.stranger, url, **sent).status_code == 404
    assert page.post(people.worker, url, **sent).status_code == 403
    assert page.post(people.officer, url, **sent | {"starts_at": local(at - timedelta(days=9))}).status_code == 422
    page.post(people.officer, url, **sent)
    page.post(people.officer, url, **sent)
    made = CouncilMeeting.objects.get()
    assert made.open_until - made.starts_at == timedelta(days=7)
    last = (timezone.localtime(at) + timedelta(days=2)).date()
    page.post(people.officer, url, **sent | {"client_key": uuid4(), "last_day": last.isoformat()})
    other = CouncilMeeting.objects.exclude(pk=made.pk).get()
    assert timezone.localtime(other.open_until).date() == last + timedelta(days=1)


def test_a_household_is_brought_from_its_page_and_by_its_number(page, people, household, meeting):
    from_page = page.get(people.worker, reverse("desks:household", args=[household.number])).content.decode()
    url = reverse("referrals:council_propose", args=[household.number])
    assert url in from_page
    asked = {"number": household.number, "meeting": meeting.number}
    found = page.get(people.worker, reverse("referrals:propose_find"), **asked)
    assert found.headers["Location"] == f"{url}?meeting={meeting.number}"
    missed = page.get(people.worker, reverse("referrals:propose_find"), number="000", meeting=meeting.number)
    assert missed.headers["Location"] == meeting_url(meeting)
    assert page.get(people.officer, reverse("referrals:propose_find"), **asked).status_code == 403
    sent = {"meeting": meeting.pk, "need": "livelihood", "reason": "관리비", "scope": "file", "ground": "consent"}
    sent["client_key"] = uuid4()
    assert page.post(people.stranger, url, **sent).status_code == 404
    assert page.post(people.worker, url, **sent).status_code == 422
    agrees(household, people.city)
    page.post(people.worker, url, **sent)
    page.post(people.worker, url, **sent)
    assert AgendaItem.objects.get().scope == "file"


def test_who_sees_by_a_share_brings_nothing(page, sent, people, household):
    url = reverse("referrals:council_propose", args=[household.number])
    assert page.post(people.officer, url, need="work").status_code == 403


@pytest.mark.parametrize("verb", ["send", "hold", "close", "cancel"])
def test_each_step_of_a_meeting(page, client, people, bring, meeting, decide, verb):
    item, url = bring(), step_url(meeting, verb)
    if verb in ("hold", "close"):
        actions.send(meeting, by=people.officer, now=timezone.now())
        start(meeting)
    if verb == "close":
        actions.hold(meeting, by=people.officer, now=timezone.now())
        assert "decided" in said(page.post(people.officer, url))[0] or CouncilMeeting.objects.get().status == "held"
        decide(item)
    words = {"reason": "위원장이 바뀌었습니다."} if verb == "cancel" else {}
    client.force_login(people.officer)
    assert client.get(url).status_code == 405
    assert page.post(people.stranger, url, **words).status_code == 404
    assert page.post(people.worker, url, **words).status_code == 403
    if verb == "cancel":
        assert page.post(people.officer, url).status_code == 422
    assert page.post(people.officer, url, **words).status_code == 200
    meeting.refresh_from_db()
    first = meeting.status
    assert first == {"send": "sent", "hold": "held", "close": "minuted", "cancel": "cancelled"}[verb]
    late = page.post(people.second, url, **words)
    assert len(said(late)) == 1
    meeting.refresh_from_db()
    assert meeting.status == first


def test_an_empty_agenda_is_not_sent_and_a_meeting_to_come_was_not_held(page, people, meeting, bring):
    page.post(people.officer, step_url(meeting, "send"))
    meeting.refresh_from_db()
    assert meeting.status == "planned"
    bring()
    page.post(people.officer, step_url(meeting, "send"))
    page.post(people.officer, step_url(meeting, "hold"))
    meeting.refresh_from_db()
    assert meeting.status == "sent"
    assert page.post(people.officer, step_url(meeting, "burn")).status_code == 404


def test_the_withdraw_button(page, client, people, sent):
    url = reverse("referrals:item_withdraw", args=[sent.pk])
    client.force_login(people.worker)
    assert client.get(url).status_code == 405
    assert page.post(people.stranger, url, reason="-").status_code == 404
    assert page.post(people.officer, url, reason="-").status_code == 403
    assert page.post(people.worker, url).status_code == 422
    page.post(people.worker, url, reason="본인이 원하지 않으십니다.")
    page.post(people.worker, url, reason="두 번째")
    sent.refresh_from_db()
    assert sent.withdrawn_because == "본인이 원하지 않으십니다."
    shown = page.get(people.worker, meeting_url(sent.meeting)).content.decode()
    assert "본인이 원하지 않으십니다." in shown


def test_the_look_at_urgent_danger(page, client, people, bring, meeting):
    item = bring(ground="danger", urgent="며칠째 식사를 못 하십니다.")
    url = reverse("referrals:item_ground", args=[item.pk])
    client.force_login(people.boss)
    assert client.get(url).status_code == 405
    assert page.post(people.stranger, url, upheld="yes").status_code == 404
    assert page.post(people.worker, url, upheld="yes").status_code == 403
    assert page.post(people.officer, url, upheld="yes").status_code == 403
    page.post(people.boss, url)
    item.refresh_from_db()
    assert item.upheld is None
    page.post(people.boss, url, upheld="yes")
    page.post(people.boss, url, upheld="no")
    item.refresh_from_db()
    assert (item.upheld, item.looked_by) == (True, people.boss)


def test_band_and_reasons_are_for_those_who_look_after_households(page, people, bring, meeting, monkeypatch):
    reasons = [{"ko": "전기가 끊겼는지 확인해야 합니다.", "en": "Check the power."}]
    told = lambda households, on: {pk: {"band": 4, "reasons": reasons} for pk in households}  # noqa: E731
    monkeypatch.setattr(material, "_tellers", [told])
    bring()
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert "전기가 끊겼는지" in page.get(people.worker, meeting_url(meeting)).content.decode()
    for guest in (people.officer, people.helper):
        shown = page.get(guest, meeting_url(meeting)).content.decode()
        assert "관리비가 밀렸습니다." in shown
        assert "전기가 끊겼는지" not in shown


def test_the_screen_says_to_whom_it_is_shown_and_to_whom_not(page, people, sent, council):
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    row = page.get(people.worker, meeting_url(sent.meeting)).context["items"][0]
    assert [grant.agency for grant in row["item"].running] == [people.city, people.jobs]
    assert row["without"] == [people.police]
    assert not page.get(people.helper, meeting_url(sent.meeting)).context["items"][0]["told"]


def test_strangers_find_nothing(page, people, council, sent):
    for url in (
        reverse("referrals:council", args=[council.pk]),
        meeting_url(sent.meeting),
        reverse("referrals:meeting_minutes", args=[sent.meeting.number]),
    ):
        assert page.get(people.stranger, url).status_code == 404
    lists = page.get(people.stranger, reverse("referrals:councils"))
    assert (lists.context["coming"], list(lists.context["councils"])) == ([], [])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_renders_for_everybody_and_looking_is_logged(page, people, council, begun, decide, language):
    decide(begun, **task(people))
    for user in (people.officer, people.worker, people.boss, people.helper):
        user.language = language
        user.save()
        for url in (
            reverse("referrals:councils"),
            reverse("referrals:council", args=[council.pk]),
            meeting_url(begun.meeting),
        ):
            assert page.get(user, url).status_code == 200
    logged = AccessLog.objects.filter(view="referrals:meeting", act=Act.OPEN)
    assert logged.filter(households__contains=[begun.household_id]).count() == 4


def test_the_number_of_queries_does_not_grow(page, people, council, sent, meeting, decide):
    def queries(url):
        with CaptureQueriesContext(connection) as asked:
            assert page.get(people.officer, url).status_code == 200
        return len(asked)

    def more(number):
        for _ in range(number):
            home = HouseholdFactory(worker=people.worker)
            AgendaItem.objects.create(
                meeting=meeting,
                household=home,
                from_agency=people.centre,
                proposed_by=people.worker,
                proposed_at=timezone.now(),
                need="work",
                reason="-",
                ground="danger",
                urgent="-",
            )
            planned(council, people)
        actions.freeze(meeting, timezone.now())
        meeting.refresh_from_db()
        from referrals.council import showing

        showing.show(meeting, now=timezone.now())

    more(1)
    for item in meeting.items.all():
        decide(item, **task(people, owner_agency=people.city))
    urls = [meeting_url(meeting), reverse("referrals:councils")]
    [queries(url) for url in urls]
    few = [queries(url) for url in urls]
    more(6)
    for item in meeting.items.filter(decisions=None):
        decide(item, **task(people, owner_agency=people.city))
    assert [queries(url) for url in urls] == few
