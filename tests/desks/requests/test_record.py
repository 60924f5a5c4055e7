"""A person's own record: everything about them, nobody else by name; and the reasons of a judgement."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import reverse

from casework.audit.models import AccessLog, Event
from casework.clock import AsOf
from casework.paper import fonts_installed
from desks.requests import kept, told, worked
from desks.requests.record import LEFT_OUT, as_text, record_of, unlisted
from desks.requests.veil import HIDDEN, veil_of
from households.actions import give_consent, log_contact, record_death
from households.models import CorrectionStatement, DataRequest, Person
from households.requests import taking
from referrals.models import Referral
from risk.sweeps import sweep
from tests.factories.plans import AssessmentFactory
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db
OTHERS = ("김철수", "김유나", "철수", "유나")


def written(cast, summary, people, **words):
    said = {"occurred_at": cast.now - timedelta(days=1), "channel": "visit", "contact_made": True, "summary": summary}
    return log_contact(cast.household, people=people, by=cast.worker, client_key=uuid4(), **{**said, **words})


@pytest.fixture
def life(cast):
    """What is kept about 정금주, with the names of others in every text."""
    written(cast, "금주 님과 남편 김철수 님, 딸 유나가 함께 있었음. 생활비를 걱정함.", cast.people, tags=["job_loss"])
    written(cast, "철수 님이 혼자 와서 이야기함.", [cast.people[1]])
    SignalFactory(household=cast.household, code_id="S01", months=5, source="건강보험공단")
    give_consent(
        cast.person, purpose="생계 지원", items=["name"], recipient=None, on=cast.on, until=None, by=cast.worker
    )
    referral = ReferralFactory(household=cast.household, sender=cast.worker, request="남편 김철수 님도 함께 상담 원함")
    packet = {**referral.packet, "subjects": [one.pk for one in cast.people], "facts": "딸 유나의 학비가 밀림"}
    Referral.objects.filter(pk=referral.pk).update(packet=packet)
    sweep(AsOf.live(cast.now))
    return referral


def text_of(request, cast):
    request = DataRequest.objects.select_related("person").get(pk=request.pk)
    return as_text(request, record_of(request, now=cast.now))


def test_the_record_holds_everything_and_nobody_else_by_name(cast, at, life):
    said = text_of(at("checked"), cast)
    for own in (
        "정금주",
        "010-0000-1234",
        "신림동",
        "생활비를 걱정함",
        "건강보험공단",
        "생계 지원",
        life.number,
        "학비가 밀림",
    ):
        assert own in said, own
    for other in OTHERS:
        assert other not in said, other
    assert HIDDEN in said
    assert "혼자 와서 이야기함" not in said


def test_what_only_somebody_else_told_is_not_in_it(cast, at, life):
    made = taking.take_down(
        cast.people[2],
        kind="see",
        received_on=cast.on,
        way="person",
        words="기록",
        asker="self",
        by=cast.worker,
        now=cast.now,
    )
    said = text_of(made, cast)
    assert "혼자 와서 이야기함" not in said
    assert "010-0000-1234" in said  # her own number: every member of this household was given one
    assert "정금주" not in said


def test_a_protected_household_is_left_out_with_its_place_and_its_people(cast, at, life):
    made = at("checked")
    written(cast, "금주 님만 만남. 신림동 집 이야기.", [cast.person])
    stands(cast.household, address_protected=True)
    said = text_of(made, cast)
    for gone in ("신림동", "관악구", "생활비를 걱정함", "학비가 밀림", life.number, *OTHERS):
        assert gone not in said, gone
    assert "금주 님만 만남" in said
    assert "배우자" not in said


def test_counselling_notes_are_given_by_decision_alone(cast, at):
    written(cast, "상담 내용: 잠을 못 잠.", [cast.person], level="counselling")
    made = at("checked")
    said = text_of(made, cast)
    assert "잠을 못 잠" not in said
    assert "전문상담사" in said
    taking.decide_notes(made, give=True, words="본인이 원하고 무리가 없음", by=cast.counsellor, now=cast.now)
    assert "잠을 못 잠" in text_of(made, cast)


def test_who_looked_is_said_by_office_and_day(cast, at, client):
    client.force_login(cast.worker)
    client.get(reverse("desks:person", args=[cast.person.case_number]))
    said = text_of(at("checked"), cast)
    looked = said.partition("■ 어느 기관이")[2]
    assert "관악 하나센터" in looked
    assert "서지훈" not in looked


def test_every_model_that_points_at_a_person_is_told_left_out_or_counted(cast, at):
    said = kept.TOLD | told.TOLD | worked.TOLD | LEFT_OUT.keys()
    known = said | {model._meta.label for model, _field in unlisted()}
    for model in apps.get_models():
        points = any(field.related_model is Person for field in model._meta.concrete_fields if field.is_relation)
        if points and not hasattr(model, "pgh_tracked_model"):
            assert model._meta.label in known, model
    labels = {model._meta.label for model in apps.get_models()}
    assert said <= labels


def test_the_veil_knows_former_names_and_leaves_the_own_name(cast):
    veil = veil_of(cast.person.pk, places=False)
    assert veil.text("정금주, 철수, 유나") == f"정금주, {HIDDEN}, {HIDDEN}"
    assert veil.line("유나 · 김유나") == f"유나 · {HIDDEN}"


def path(name, made):
    return reverse(f"desks:{name}", args=[made.number])


def test_the_file_is_made_behind_a_reason_and_logged(cast, at, life, client):
    made = at("answered")
    client.force_login(cast.boss)
    assert client.get(path("request_record", made)).status_code == 200
    assert client.post(path("request_record", made), {"reason": "짧음", "as": "text"}).status_code == 422
    assert not Event.objects.filter(verb="record printed").exists()
    why = "당사자의 열람 요구에 따라 창구에서 드립니다."
    answer = client.post(path("request_record", made), {"reason": why, "as": "text"})
    assert "생활비를 걱정함" in answer.content.decode()
    seen = AccessLog.objects.latest("id")
    assert (seen.act, seen.subjects, seen.reason) == ("export", [cast.person.pk], why)
    if fonts_installed():
        assert client.post(path("request_record", made), {"reason": why})["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(("name", "kind"), [("request_record", "see"), ("request_reasons", "explain")])
def test_the_file_is_for_who_answers_and_not_before_the_answer(cast, at, client, name, kind):
    early = at("checked", kind)
    for user, status in ((cast.stranger, 404), (cast.worker, 403), (cast.boss, 302)):
        client.force_login(user)
        assert client.get(path(name, early)).status_code == status
    other = at("checked", "correct")
    assert client.get(path(name, other)).status_code == 404
    made = at("answered", kind)
    stands(cast.household, address_protected=True)
    assert client.get(path(name, made)).status_code == 302
    taking.decide_harm(made, words="혼자 와서 확인함", by=cast.boss, now=cast.now)
    assert client.get(path(name, made)).status_code == 200
    written(cast, "맞았다고 함.", cast.people[1:2], tags=["violence"])
    assert client.get(path(name, made)).status_code == 302, "danger was told of after it was weighed"
    taking.decide_harm(made, words="다시 확인함", by=cast.boss, now=cast.now)
    made.refresh_from_db()
    assert made.harm_words == "다시 확인함"


def test_the_reasons_are_told_in_words(cast, at, life, client):
    client.force_login(cast.boss)
    page = client.get(path("request_reasons", at("answered", "explain"))).content.decode()
    assert "건강보험료" in page
    assert "가정·성폭력" not in page, "whether it applies must not be told by what is left out"
    assert reverse("risk:criteria") in page


def test_words_beside_an_entry_stand_on_the_page_of_the_person(cast, at, client):
    at("answered", "correct", outcome="refused", words="저는 실직한 적이 없습니다.")
    assert CorrectionStatement.objects.exists()
    client.force_login(cast.worker)
    assert (
        "저는 실직한 적이 없습니다."
        in client.get(reverse("desks:person", args=[cast.person.case_number])).content.decode()
    )


def test_a_record_of_somebody_who_died_is_still_put_together(cast, at):
    made = at("checked")
    record_death(cast.person, on=cast.on, by=cast.worker, new_head=cast.people[1])
    made = DataRequest.objects.select_related("person").get(pk=made.pk)
    assert "정금주" in text_of(made, cast)


def test_assessments_are_told_without_safety_and_those_of_the_household_without_words(cast, at):
    own = {"health": "무릎이 아픔. 유나가 돌봄.", "safety": "누가 찾아올까 걱정함"}
    AssessmentFactory(
        household=cast.household,
        person=cast.person,
        assessed_on=cast.on,
        health="serious",
        words=own,
        strengths={"work": "손재주가 좋음"},
        wishes="일을 하고 싶어요.",
    )
    AssessmentFactory(
        household=cast.household, assessed_on=cast.on, money="serious", client_words="남편이 한 말", wishes="이사"
    )
    other = {"household": cast.household, "person": cast.people[1], "client_words": "철수의 말"}
    AssessmentFactory(**other, assessed_on=cast.on)
    made = at("checked")
    said = text_of(made, cast)
    for told_words in ("혼자 있는 시간이 길어요.", "일을 하고 싶어요.", "손재주가 좋음", "무릎이 아픔"):
        assert told_words in said, told_words
    part = said.partition("■ 욕구")[2].partition("■")[0]
    assert len([line for line in part.splitlines() if line.startswith("- ")]) == 2
    for never in ("찾아올까", "남편이 한 말", "이사", "철수의 말", "유나", "안전"):
        assert never not in part, never
    stands(cast.household, address_protected=True)
    written(cast, "맞았다고 함.", cast.people[1:2], tags=["violence"])
    part = text_of(made, cast).partition("■ 욕구")[2].partition("■")[0]
    assert len([line for line in part.splitlines() if line.startswith("- ")]) == 1
