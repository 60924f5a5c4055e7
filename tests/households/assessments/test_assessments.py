"""Assessments: kept while they are written, finished once, corrected for a day, read side by side."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from casework.clock import seoul_day
from households.assessments import actions
from households.models import Draft, NeedsAssessment
from households.models.assessment import Domain
from tests.factories import HouseholdFactory, PersonFactory, ShareFactory, UserFactory
from tests.factories.plans import AssessmentFactory
from tests.factories.stated import ScreeningFactory
from tests.harness.racing import at_once

LEVELS = dict.fromkeys(Domain.values, "none")


def form_of(**changes):
    first = {"draft": str(uuid4()), "seen": "0", "assessed_on": seoul_day(timezone.now()).isoformat()}
    return {**first, "subject": "", "client_words": "밤에 잠이 안 와요.", **LEVELS, **changes}


@pytest.fixture
def url(house):
    return reverse("households:assessment_new", args=[house.number])


def page(house, found):
    return reverse("households:assessment", args=[house.number, found.fact_id])


def test_an_assessment_is_finished_and_a_double_tap_lands_once(house, kim, enter, url):
    client, data = enter(kim), form_of(health="serious", health_words="두통이 잦음", work_strengths="재봉을 잘하심")
    answers = [client.post(url, data) for _tap in range(2)]
    made = NeedsAssessment.objects.get()
    assert [answer.url for answer in answers] == [page(house, made)] * 2
    assert (made.kind, made.health, made.words, made.strengths) == (
        "first",
        "serious",
        {"health": "두통이 잦음"},
        {"work": "재봉을 잘하심"},
    )
    assert Event.objects.filter(verb="assessment finished", household_id=house.pk).count() == 1
    assert "두통" not in str(Event.objects.get(verb="assessment finished").data)


def test_no_domain_is_answered_beforehand_and_each_needs_an_answer(house, kim, enter, url):
    assert 'checked id="id_health' not in enter(kim).get(url).content.decode()
    data = form_of()
    del data["health"]
    answer = enter(kim).post(url, data)
    assert answer.status_code == 422
    assert "밤에 잠이 안 와요." in answer.content.decode()
    assert list(answer.context["form"].errors) == ["health"]


def test_that_something_could_not_be_asked_is_an_answer_and_a_serious_need_is_said_in_words(kim, enter, url):
    answer = enter(kim).post(url, form_of(money="serious", safety="not_asked"))
    assert list(answer.context["form"].errors) == ["money_words"]
    enter(kim).post(url, form_of(money="some", safety="not_asked"))
    assert NeedsAssessment.objects.get().safety == "not_asked"


def test_a_day_to_come_and_somebody_who_does_not_live_here_are_refused(house, kim, enter, url):
    tomorrow = seoul_day(timezone.now()) + timedelta(days=1)
    assert "assessed_on" in enter(kim).post(url, form_of(assessed_on=tomorrow)).context["form"].errors
    other = PersonFactory()
    assert "subject" in enter(kim).post(url, form_of(subject=other.case_number)).context["form"].errors
    assert not NeedsAssessment.objects.exists()


def test_the_session_ends_in_the_middle_and_after_log_in_everything_typed_is_there(house, people, kim, enter, url):
    client, key = enter(kim), uuid4()
    opened = client.get(url).context["form"]
    typed = {
        "kind": "assessment",
        "household": house.number,
        "draft": str(key),
        "resume": f"{url}?draft={key}",
        "seen": opened["seen"].value(),
        "subject": people[1].case_number,
        "health": "serious",
        "health_words": "병원에 못 감",
        "wishes": "치과에 가고 싶어요",
    }
    kept = client.post(reverse("households:draft", args=[key]), typed, headers={"Accept": "application/json"})
    assert kept.json()["at"]
    client.logout()
    assert client.post(url, form_of(draft=str(key))).status_code == 302  # to the log-in page: nothing is finished
    assert not NeedsAssessment.objects.exists()
    again = enter(kim)
    assert (
        reverse("households:draft", args=[key])
        in again.get(reverse("households:assessments", args=[house.number])).content.decode()
    )
    answer = again.get(again.get(reverse("households:draft", args=[key])).url)
    shown = answer.context["form"]
    assert [shown[name].value() for name in ("subject", "health", "health_words", "wishes")] == [
        people[1].case_number,
        "serious",
        "병원에 못 감",
        "치과에 가고 싶어요",
    ]
    assert shown["safety"].value() is None
    again.post(url, form_of(draft=str(key), health="serious", health_words="병원에 못 감"))
    assert not Draft.objects.exists()
    late = again.post(reverse("households:draft", args=[key]), typed, headers={"Accept": "application/json"})
    assert late.status_code == 204, "what is finished does not become a draft again"


def test_a_draft_is_seen_by_its_author_alone(house, kim, boss, enter, url):
    key = uuid4()
    enter(kim).post(
        reverse("households:draft", args=[key]), {"kind": "assessment", "household": house.number, "wishes": "x"}
    )
    assert enter(boss).get(url, {"draft": key}).context["form"]["wishes"].value() is None


def test_two_write_at_once_and_the_second_is_told_and_can_compare(house, kim, boss, enter, url):
    seen = actions.newest(house)
    first, second = form_of(seen=seen, client_words="김의 기록"), form_of(seen=seen, client_words="박의 기록")
    enter(kim).post(url, first)
    theirs = NeedsAssessment.objects.get()
    answer = enter(boss).post(url, second)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in shown for words in ("박의 기록", page(house, theirs), "김담당"))
    assert NeedsAssessment.objects.count() == 1
    second["seen"] = answer.context["form"]["seen"].value()
    assert enter(boss).post(url, second).status_code == 302
    mine = NeedsAssessment.objects.get(recorded_by=boss)
    assert (mine.kind, theirs.kind) == ("again", "first")
    pair = {"a": theirs.fact_id, "b": mine.fact_id}
    shown = enter(boss).get(reverse("households:assessment_compare", args=[house.number]), pair).content.decode()
    assert "김의 기록" in shown
    assert "박의 기록" in shown


def test_of_two_first_assessments_at_the_same_moment_one_wins(committed_db):
    kim = UserFactory()
    house, day = HouseholdFactory(worker=kim), seoul_day(timezone.now())

    def go():
        about = {"client_key": uuid4(), "assessed_on": day, **LEVELS}
        return actions.assess(house, by=kim, now=timezone.now(), **about)

    made, refused = at_once(go, go)
    assert (len(made), [type(one) for one in refused]) == (1, [actions.Meanwhile])
    assert NeedsAssessment.objects.get().kind == "first"


def test_an_assessment_of_one_person_does_not_stand_for_the_household(house, people, kim):
    about = {"now": timezone.now(), "by": kim, "assessed_on": seoul_day(timezone.now()), **LEVELS}
    one = actions.assess(house, person=people[2], client_key=uuid4(), **about)
    whole = actions.assess(house, client_key=uuid4(), **about)
    assert (one.kind, whole.kind) == ("first", "first")


def test_the_author_corrects_it_within_a_day_and_the_first_version_is_kept(house, kim, boss, enter):
    found = AssessmentFactory(household=house, recorded_by=kim)
    url = reverse("households:assessment_edit", args=[house.number, found.fact_id])
    data = form_of(version=found.pk, home="some", client_words="다시 들은 말")
    assert [enter(kim).post(url, data).status_code for _tap in range(2)] == [302, 302]
    assert NeedsAssessment.objects.current().get().home == "some"
    assert NeedsAssessment.objects.count() == 2
    assert enter(boss).get(url).status_code == 302, "others assess anew"
    late = timezone.now() + timedelta(hours=25)
    assert not actions.can_correct(NeedsAssessment.objects.current().get(), kim, now=late)


def test_of_two_corrections_the_later_one_is_told(house, kim, enter):
    found = AssessmentFactory(household=house, recorded_by=kim)
    url = reverse("households:assessment_edit", args=[house.number, found.fact_id])
    enter(kim).post(url, form_of(version=found.pk, home="some"))
    answer = enter(kim).post(url, form_of(version=found.pk, home="serious", home_words="난방이 안 됨"))
    assert answer.status_code == 422
    assert "난방이 안 됨" in answer.content.decode()
    assert NeedsAssessment.objects.current().get().home == "some"


def test_side_by_side_what_changed_is_said_in_words(house, kim, enter):
    on = seoul_day(timezone.now())
    early = AssessmentFactory(household=house, level="some", safety="not_asked", assessed_on=on - timedelta(days=300))
    late = AssessmentFactory(household=house, kind="again", level="some", health="serious", work="none")
    url = reverse("households:assessment_compare", args=[house.number])
    answer = enter(kim).get(url, {"a": late.fact_id, "b": early.fact_id})
    said = {row["label"]: row["change"] for row in answer.context["rows"] if row["changed"]}
    assert len(said) == len(set(said.values())) == 3
    assert answer.context["earlier"] == early
    assert all(words in answer.content.decode() for words in said.values())
    assert enter(kim).get(url, {"a": "x", "b": early.fact_id}).status_code == 302


def test_scores_stand_beside_it_read_only_for_whom_may_read_them(house, people, kim, enter, url):
    found = AssessmentFactory(household=house)
    ScreeningFactory(person=people[0], instrument="phq9", score=17)
    for address in (page(house, found), url):
        answer = enter(kim).get(address)
        assert [one["score"] for one in answer.context["screenings"]] == [17]
        assert 'name="phq9' not in answer.content.decode()


def test_a_household_with_a_protected_address_is_called_by_its_number(house, kim, enter, monkeypatch):
    monkeypatch.setattr("households.members.guarded", lambda keys: keys)
    found = AssessmentFactory(household=house)
    for address in (page(house, found), reverse("households:assessments", args=[house.number])):
        shown = enter(kim).get(address).content.decode()
        assert house.number in shown
        assert "정금주" not in shown


def test_looking_is_logged_with_whose_data_was_shown(house, people, kim, enter):
    enter(kim).get(page(house, AssessmentFactory(household=house)))
    log = AccessLog.objects.get(view="households:assessment")
    assert (log.subjects, log.households) == (sorted(one.pk for one in people), [house.pk])


def test_a_stranger_and_a_share_reach_nothing_and_a_system_may_not(house, kim, stranger, enter, url):
    found = AssessmentFactory(household=house)
    ShareFactory(household=house, to_user=stranger)
    system = UserFactory(agency=kim.agency, role="agency_system")
    edit = reverse("households:assessment_edit", args=[house.number, found.fact_id])
    for address in (url, page(house, found), edit, reverse("households:assessments", args=[house.number])):
        assert enter(stranger).get(address).status_code == 404
        assert enter(system).get(address).status_code == 403
    assert enter(stranger).post(url, form_of()).status_code == 404
    assert enter(system).post(url, form_of()).status_code == 403
    assert NeedsAssessment.objects.count() == 1


def test_the_database_knows_the_levels(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentFactory(household=house, level="nonsense")
    AssessmentFactory(household=house)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentFactory(household=house)


def test_lists_ask_the_same_number_of_questions_for_two_and_for_twenty(house, kim, enter):
    url, counts = reverse("households:assessments", args=[house.number]), []
    client = enter(kim)
    AssessmentFactory(household=house)
    for rows in (1, 18):
        for _each in range(rows):
            AssessmentFactory(household=house, kind="again")
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_from_an_assessment_one_goes_on_to_the_plans(house, kim, enter):
    found = AssessmentFactory(household=house, recorded_by=kim)
    plans = reverse("households:plans", args=[house.number])
    assert f'href="{plans}"' in enter(kim).get(page(house, found)).content.decode()
    assert enter(kim).get(plans).status_code == 200
