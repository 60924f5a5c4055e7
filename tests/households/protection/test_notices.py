"""The Minister's written notice: whom the officer sees, letters, sending, what became of them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act, Event
from casework.clock import seoul_day
from casework.telling.models import Notification
from casework.templatetags.format import fullday
from households.actions.refusal import NotAllowed, Refused
from households.models import EndNotice, Membership, ProtectionPeriod, Residence
from households.protection.notices import ask_ministry, record_outcome, record_sent
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.extensions import request_of
from tests.factories.households import PersonFactory

DAY = timedelta(days=1)


def today():
    return seoul_day(timezone.now())


@pytest.fixture
def officer(db):
    return UserFactory(agency=AgencyFactory(kind="ministry"), role="ministry_officer", name="통일주무관")


def ending(house, name, days):
    """A member of the house whose protection ends so many days ahead; return (person, last day)."""
    person, last = PersonFactory(household=house, name=name), today() + days * DAY
    ProtectionPeriod.objects.create(person=person, during=DateRange(last - 1825 * DAY, last + DAY))
    return person, last


def seen(officer):
    rows = ProtectionPeriod.objects.to_be_told_by(officer, on=today()).order_by("during__endswith")
    return list(rows.values_list("person", flat=True))


def post(letters, officer, **more):
    said = {"way": "registered", "sent_on": today(), "by": officer, "on": today(), **more}
    return record_sent(letters, **said)


URL = "households:end_notices"


def test_the_officer_sees_the_next_half_year_and_who_was_not_told(house, officer, kim):
    near, _ = ending(house, "가가가", 180)
    ending(house, "나나나", 181)
    missed, missed_last = ending(house, "다다다", -90)
    ending(house, "라라라", -91)
    told, last = ending(house, "마마마", -10)
    assert seen(officer) == [missed.pk, told.pk, near.pk]
    post([(told, last, "1"), (missed, missed_last, "2")], officer)
    assert seen(officer) == [near.pk]
    assert seen(kim) == []
    assert not ProtectionPeriod.objects.visible_to(officer).exists()


def test_nobody_is_written_to_who_died_left_or_was_extended(house, officer):
    dead, last = ending(house, "가가가", 30)
    Residence.objects.current().filter(person=dead).update(superseded_at=timezone.now())
    Residence.objects.create(person=dead, status="deceased")
    longer, last = ending(house, "나나나", 30)
    ProtectionPeriod.objects.create(person=longer, basis="extension", during=DateRange(last + DAY, last + 900 * DAY))
    assert seen(officer) == []


def test_a_letter_is_on_record_once_with_its_number(house, officer, boss):
    person, last = ending(house, "가가가", 100)
    with pytest.raises(Refused, match=person.case_number):
        post([(person, last, "")], officer)
    first = post([(person, last, "1234567890123")], officer)
    assert post([(person, last, "9")], officer)[0].pk == first[0].pk
    with pytest.raises(Refused):
        post([(person, last + DAY, "9")], officer, sent_on=today() - DAY)
    with pytest.raises(NotAllowed):
        post([(person, last, "1")], boss)


def test_a_letter_came_back_and_was_sent_again(house, officer):
    person, last = ending(house, "가가가", 100)
    letter = post([(person, last, "1")], officer, sent_on=today() - 20 * DAY)[0]
    for _twice in range(2):
        made = record_outcome(letter, by=officer, returned_on=today() - 3 * DAY, returned_why="수취인 불명")
    assert made.state == "returned"
    with pytest.raises(Refused):
        record_outcome(letter, by=officer, delivered_on=today())
    with pytest.raises(Refused):
        record_outcome(made, by=officer, delivered_on=today() - 30 * DAY)
    post([(person, last, "2")], officer)
    assert EndNotice.objects.current().filter(person=person).count() == 2
    assert EndNotice.objects.filter(fact_id=letter.fact_id).count() == 2, "corrections append"


def test_a_centre_asks_once_and_the_officers_are_told(house, people, officer, kim):
    person, _last = ending(house, "가가가", 50)
    for _twice in range(2):
        ask_ministry(person, by=kim, now=timezone.now())
    assert list(Notification.objects.filter(kind="notice_asked").values_list("user", "label")) == [
        (officer.pk, person.case_number)
    ]
    with pytest.raises(Refused):
        ask_ministry(people[0], by=kim, now=timezone.now())


def test_after_the_end_a_returned_letter_is_entered_and_sent_again(house, officer, ask):
    person, last = ending(house, "가가가", -1)
    letter = post([(person, last, "1")], officer, sent_on=today() - 20 * DAY)[0]
    assert seen(officer) == []
    url = reverse("households:notice_outcome", args=[letter.fact_id])
    assert url in ask(officer, "get", reverse(URL)).content.decode()
    said = {"outcome": "returned", "on": today().isoformat(), "why": "폐문부재", "version": letter.pk}
    assert ask(officer, "post", url, **said).status_code == 302
    assert seen(officer) == [person.pk]
    again = post([(person, last, "2")], officer)[0]
    record_outcome(again, by=officer, returned_on=today(), returned_why="폐문부재")
    third = post([(person, last, "3")], officer)[0]
    assert third.fact_id != again.fact_id, "one that came back on its day is sent again on that day"


def test_after_an_extension_the_outcome_is_entered_for_a_year_and_put_right_for_ninety_days(house, officer, kim):
    person, last = ending(house, "가가가", 30)
    letter = post([(person, last, "1")], officer, sent_on=today() - 200 * DAY)[0]
    ProtectionPeriod.objects.create(person=person, basis="extension", during=DateRange(last + DAY, last + 900 * DAY))
    assert seen(officer) == []
    kept = EndNotice.objects.current().kept_by
    assert kept(officer, on=today()).get() == letter
    assert not kept(kim, on=today()).exists()
    assert not kept(officer, on=today() + 166 * DAY).exists(), "sent 366 days before"
    made = record_outcome(letter, by=officer, delivered_on=today())
    assert kept(officer, on=today() + 90 * DAY).get() == made
    assert not kept(officer, on=today() + 91 * DAY).exists()


def test_no_letter_is_printed_for_a_period_that_is_over(house, officer, kim, ask):
    person, _last = ending(house, "가가가", -10)
    answers = [
        ask(officer, "post", reverse("households:notice_letters"), who=[person.case_number], kind="notice"),
        ask(kim, "get", reverse("households:easy_letter", args=[person.case_number])),
    ]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_what_is_done_is_told_where_the_person_lives_today(house, officer):
    person, last = ending(house, "가가가", 100)
    Membership.objects.filter(person=person).update(superseded_at=timezone.now())
    new = HouseholdFactory()
    Membership.objects.create(person=person, household=house, during=DateRange(None, today() - 5 * DAY))
    Membership.objects.create(person=person, household=new, during=DateRange(today() - 5 * DAY, None))
    post([(person, last, "1")], officer, sent_on=today() - 20 * DAY)
    assert Event.objects.get(verb="end_notice_sent").household_id == new.pk


# --- pages ---


def sheet(*people, **more):
    proofs = {f"proof_{one.case_number}": "1234567890123" for one in people}
    numbers = [one.case_number for one in people]
    return {"who": numbers, "way": "registered", "sent_on": today().isoformat(), **proofs, **more}


def test_the_list_names_who_lacks_a_notice_and_for_how_long(house, officer, ask):
    person, _last = ending(house, "표하나", 50)
    page = ask(officer, "get", reverse(URL)).content.decode()
    assert "표하나" in page
    assert "안내 기록 없음" in page
    assert "일 지남" in page
    assert AccessLog.objects.filter(view=URL, subjects=[person.pk], act=Act.LIST).exists()
    home = ask(officer, "get", "/").content.decode()
    assert "표하나" in home
    assert "안내 기록 없음" in home


def test_whose_requests_wait_at_the_desk_is_logged(house, officer, kim, ask):
    person, _last = ending(house, "표하나", 300)
    request_of(person, by=kim)
    ask(officer, "get", "/")
    assert AccessLog.objects.filter(actor_id=officer.pk, subjects=[person.pk], act=Act.LIST).exists()


def test_many_at_once_and_twice_changes_nothing(house, officer, ask):
    people = [ending(house, name, 80)[0] for name in ("가가가", "나나나")]
    for _tap in range(2):
        assert ask(officer, "post", reverse("households:notices_sent"), **sheet(*people)).status_code == 302
    assert EndNotice.objects.count() == 2


def test_nothing_typed_is_lost_when_a_number_is_missing(house, officer, ask):
    one, two = (ending(house, name, 80)[0] for name in ("가가가", "나나나"))
    answer = ask(
        officer, "post", reverse("households:notices_sent"), **sheet(one, two, **{f"proof_{two.case_number}": ""})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert two.case_number in page
    assert 'value="1234567890123"' in page
    assert page.count(" checked") >= 2
    assert not EndNotice.objects.exists()


def test_the_outcome_by_its_page(house, officer, ask):
    person, last = ending(house, "가가가", 80)
    letter = post([(person, last, "1")], officer, sent_on=today() - 9 * DAY)[0]
    url = reverse("households:notice_outcome", args=[letter.fact_id])
    assert ask(officer, "get", url).status_code == 200
    said = {"outcome": "returned", "on": today().isoformat(), "version": letter.pk}
    assert ask(officer, "post", url, **said).status_code == 422
    for _tap in range(2):
        assert ask(officer, "post", url, **said, why="폐문부재").status_code == 302
    assert EndNotice.objects.current().get().returned_why == "폐문부재"
    page = ask(officer, "get", reverse(URL) + "?show=returned").content.decode()
    assert "가가가" in page


def test_letters_for_many_are_one_file_and_logged(house, officer, kim, ask, written):
    made = [ending(house, name, 80) for name in ("가가가", "나나나")]
    people, last = [person for person, _last in made], made[0][1]
    url, numbers = reverse("households:notice_letters"), [person.case_number for person in people]
    for kind in ("notice", "easy"):
        answer = ask(officer, "post", url, who=numbers, kind=kind)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.count(b"/Type /Page\n") == 2
        assert "가가가" not in answer["Content-Disposition"]
    text = "\n".join(written)
    for words in (fullday(last), "별지 제1호서식", "협의회", "제5조제5항", "90일", "가가가", "나나나", "관악 하나센터"):
        assert words in text
    assert "신림동" not in text, "no more than needed"
    logs = AccessLog.objects.filter(view="households:notice_letters", act=Act.EXPORT)
    assert [log.subjects for log in logs] == [sorted(one.pk for one in people)] * 2
    assert ask(officer, "post", url, who=numbers, kind="shoes").status_code == 404
    assert ask(officer, "post", url).status_code == 302


def test_the_worker_explains_in_easy_words(house, kim, ask, written):
    person, _last = ending(house, "가가가", 80)
    easy = ask(kim, "get", reverse("households:easy_letter", args=[person.case_number]))
    assert easy["Content-Type"] == "application/pdf"
    assert "본인이 직접 할 수 있습니다" in "\n".join(written)


def test_the_pages_are_the_ministrys(house, officer, kim, boss, ask):
    person, last = ending(house, "가가가", 80)
    letter = post([(person, last, "1")], officer)[0]
    for user in (kim, boss):
        assert ask(user, "get", reverse(URL)).status_code == 403
        for name in ("notices_sent", "notice_letters"):
            assert ask(user, "post", reverse(f"households:{name}"), **sheet(person)).status_code == 403
        assert ask(user, "get", reverse("households:notice_outcome", args=[letter.fact_id])).status_code == 403
    for name in ("notices_sent", "notice_letters"):
        assert ask(officer, "get", reverse(f"households:{name}")).status_code == 405
    far, far_last = ending(house, "나나나", 400)
    old = today() - 366 * DAY
    other = EndNotice.objects.create(person=far, last_day=far_last, sent_on=old, way="handed")
    assert ask(officer, "get", reverse("households:notice_outcome", args=[other.fact_id])).status_code == 404


def test_the_list_asks_as_many_questions_for_2_as_for_20(house, officer, client):
    from django.db import connection

    client.force_login(officer)
    counts = []
    for number in (2, 18):
        for n in range(number):
            ending(house, f"가{n:02}", 80)
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse(URL))
        counts.append([q["sql"] for q in asked if "households_" in q["sql"]])
    assert len(counts[0]) == len(counts[1])
    assert len(counts[1]) <= 7
