"""Each button works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.audit.models import AccessLog
from casework.clock import day_begins
from casework.paper import fonts_installed
from households.extensions import deciding, objecting, paper, sitting
from households.forms.moments import value_of
from households.models import (
    CouncilSeat,
    ExtensionRequest,
    LocalOpinion,
    Objection,
    ProtectionPeriod,
    RequestEvidence,
    Sitting,
)
from tests.factories import PersonFactory, UserFactory
from tests.factories.extensions import request_of
from tests.factories.households import members_of
from tests.households.extensions.conftest import ground, held, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def go(client):
    """Return go(user, method, url, **data): the answer to that user, redirects followed."""

    def ask(user, method, url, **data):
        client.force_login(user)
        return getattr(client, method)(url, data, follow=True)

    return ask


def url(name, *args):
    return reverse(f"households:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def sent(cast, **words):
    """What the form of a request sends."""
    return {"client_key": str(uuid4()), "evidence": "진단서\n소득 확인서\n", **words_of(cast, **words)}


STEPS = [
    ("sign", "draft", "worker", "boss", {"signature": "drawn", "signed_on": "today"}),
    ("rewrite", "signed", "worker", "boss", {}),
    ("submit", "signed", "worker", "boss", {}),
    ("receive", "submitted", "first", "second", {"received_on": "today"}),
    ("take_off", "agenda", "first", "second", {"reason": "자료를 기다립니다."}),
    ("prepare", "agenda", "first", "second", {"outcome": "refused", "reasons": "사유를 확인하지 못했습니다."}),
    ("send_back", "prepared", "second", "first", {"reason": "사유를 더 적어 주십시오."}),
    ("decide", "prepared", "second", "second", {}),
    ("tell", "decided", "first", "second", {"told_on": "today", "told_way": "handed", "told_proof": "본인"}),
    ("withdraw", "received", "worker", "first", {"reason": "이사하게 되었습니다."}),
]


@pytest.mark.parametrize(("verb", "stands", "who", "again", "words"), STEPS)
def test_each_step(cast, at, go, verb, stands, who, again, words):
    request = at(stands)
    words = {name: cast.on if said == "today" else said for name, said in words.items()}
    path = url("extension_step", request.number, verb)
    user = getattr(cast, who)
    assert go(user, "get", path).status_code == 405
    assert go(cast.stranger, "post", path, **words).status_code == 404
    wrong = UserFactory(agency=cast.first.agency, role="ministry_officer")
    ours = who == "worker"
    if not ours or verb != "withdraw":
        wrong = cast.worker if not ours else UserFactory(agency=cast.centre, role="counsellor")
        assert go(wrong, "post", path, **words).status_code == (403 if not ours else 404)
    if words:
        assert go(user, "post", path).status_code == 422
    assert go(user, "post", path, **words).status_code == 200
    request.refresh_from_db()
    first = request.status
    assert first != stands
    answer = go(getattr(cast, again), "post", path, **words)
    assert answer.status_code in (200, 403)
    request.refresh_from_db()
    assert request.status == first


def test_the_preparer_may_look_and_not_decide(cast, at, go):
    request = at("prepared")
    page = go(cast.first, "get", url("extension", request.number))
    assert "decide" not in {step.verb for step in page.context["buttons"]}
    assert go(cast.first, "post", url("extension_step", request.number, "decide")).status_code == 403
    assert "준비한 대로 결정" in go(cast.second, "get", url("extension", request.number)).content.decode()


def test_a_worker_writes_a_request_and_a_double_tap_is_one(cast, go):
    path, data = url("extension_new", cast.person.pk), sent(cast, grounds=[ground("ELDERLY").pk])
    form = go(cast.worker, "get", path).context["form"]
    assert form.initial["applicant"] == "정금주"
    assert form.initial["place"] == "서울특별시 관악구 신림동"
    answer = go(cast.worker, "post", path, **data)
    assert answer.status_code == 200
    go(cast.worker, "post", path, **data)
    made = ExtensionRequest.objects.get()
    assert (made.kind, made.route, made.status) == ("extend", "person", "draft")
    assert [one.what for one in made.evidence.all()] == ["진단서", "소득 확인서"]
    assert go(cast.stranger, "get", path).status_code == 404
    assert go(cast.first, "get", path).status_code == 404


def test_what_was_typed_stands_beside_the_error(cast, go, last_day):
    path = url("extension_new", cast.person.pk)
    answer = go(cast.worker, "post", path, **sent(cast, asked_until=last_day()))
    assert answer.status_code == 422
    assert "수술 뒤 혼자 지내고" in answer.content.decode()
    assert answer.context["form"].errors["asked_until"]
    assert go(cast.worker, "post", path, **sent(cast, proxy="김대리")).context["form"].errors["proxy_relation"]
    assert not ExtensionRequest.objects.exists()


def test_a_counsellor_of_another_household_writes_nothing_and_a_share_is_not_enough(cast, go):
    from tests.factories import ShareFactory

    ShareFactory(household=cast.household, to_user=cast.stranger)
    assert go(cast.stranger, "get", url("extension_new", cast.person.pk)).status_code == 403


def test_an_office_writes_from_its_register(cast, go):
    register = go(cast.officer, "get", url("register")).content.decode()
    path = url("extension_new", cast.person.pk)
    assert path in register
    form = go(cast.officer, "get", path).context["form"]
    assert form.initial["born_on"] is None  # the register of a district does not hold it
    codes = {one.code for one in form.fields["grounds"].queryset}
    assert "VIOLENCE_VICTIM" not in codes
    go(cast.officer, "post", path, **sent(cast))
    assert ExtensionRequest.objects.get().route == "local"


def test_paper_is_taken_down_by_number_and_birth_date_alone(cast, go):
    path, data = url("extension_on_paper"), sent(cast)
    assert go(cast.worker, "get", path).status_code == 403
    wrong = go(cast.first, "post", path, **data, case_number="1234-5678-9")
    assert wrong.context["form"].errors["case_number"]
    other = go(cast.first, "post", path, **{**data, "born_on": cast.on, "case_number": cast.person.case_number})
    assert other.context["form"].errors["case_number"] == ["사례번호와 생년월일이 서로 맞지 않습니다."]
    go(cast.first, "post", path, **data, case_number=cast.person.case_number.lower())
    assert ExtensionRequest.objects.get().agency == cast.first.agency


def test_the_form_is_changed_while_it_is_a_draft(cast, at, go):
    request = at("draft")
    path = url("extension_edit", request.number)
    assert go(cast.worker, "get", path).context["form"].initial["reason"] == request.reason
    go(cast.worker, "post", path, **sent(cast, reason="고쳐 썼습니다."))
    request.refresh_from_db()
    assert request.reason == "고쳐 썼습니다."
    assert go(cast.stranger, "get", path).status_code == 404
    ExtensionRequest.objects.filter(pk=request.pk).update(submitted_at=cast.now)
    assert go(cast.first, "get", path).status_code == 403
    go(cast.worker, "post", url("extension_step", request.number, "sign"), signature="paper", signed_on=cast.on)
    assert "열려 있지 않습니다" in said(go(cast.worker, "get", path))[0]


def test_the_page_says_what_is_known_and_what_is_not(cast, at, go):
    request = at("received", grounds=[ground("ELDERLY"), ground("SEVERE_ILLNESS")])
    page = go(cast.worker, "get", url("extension", request.number)).content.decode()
    for words in (
        "요청하는 길은 두 가지이고 서로 기다리지 않습니다",
        "없거나 늦어도 요청은 멈추지 않습니다",
        "무엇이 유지되는지 법령에 적힌 문장을 찾지 못했습니다",
        "1인 가구, 만 66세",
        "알 수 없음",
        "자체 기준",
        "북한이탈주민법 제5조제4항",
        "<b>90일 안에</b> 이의신청할 수 있습니다.",
        "<b>60일 안에 답이 없으면</b> 받아들인 것으로 봅니다",
    ):
        assert words in page
    assert AccessLog.objects.filter(subjects=[cast.person.pk], detail={"request": request.number}).exists()


def test_past_the_end_it_says_so_in_words(cast, at, go):
    request = at("received")
    ExtensionRequest.objects.filter(pk=request.pk).update(period_until=cast.on - timedelta(days=1))
    page = go(cast.first, "get", url("extension", request.number)).content.decode()
    assert "끝났고 아직 결정이 없습니다" in page
    row = go(cast.first, "get", url("extensions")).context["rows"][0]
    assert row["clock"]["state"] == "late"


def test_who_only_gives_an_opinion_reads_the_minimum_and_gives_it_once(cast, at, go):
    request = at("received", grounds=[ground("SEVERE_ILLNESS")])
    path = url("extension_opinion", request.number)
    assert go(cast.worker, "post", path, agency=cast.office.pk).status_code == 403
    assert go(cast.first, "get", path).status_code == 405
    assert go(cast.first, "post", path).status_code == 422
    go(cast.first, "post", path, agency=cast.office.pk)
    go(cast.first, "post", path, agency=cast.office.pk)
    opinion = LocalOpinion.objects.get()
    page = go(cast.officer, "get", url("extension", request.number))
    assert "중증질환" not in page.content.decode()
    assert "수술 뒤" not in page.content.decode()
    assert go(cast.officer, "get", url("extension_paper", request.number, "form")).status_code == 404
    give = url("extension_opinion_give", request.number, opinion.pk)
    assert go(cast.officer, "get", give).status_code == 405
    assert go(cast.first, "post", give, words="-").status_code == 403
    assert go(cast.stranger, "post", give, words="-").status_code == 404
    assert go(cast.officer, "post", give).status_code == 422
    go(cast.officer, "post", give, words="연장이 필요합니다.")
    assert "열려 있지 않습니다" in said(go(cast.officer, "post", give, words="아닙니다."))[0]
    opinion.refresh_from_db()
    assert opinion.words == "연장이 필요합니다."


def test_who_only_gave_an_opinion_does_not_read_the_reasons_of_the_decision(cast, at, go):
    request = at("received")
    deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)
    said_why = {"decided_by": cast.second, "decided_on": cast.on, "prepared_by": cast.first, "outcome": "refused"}
    ExtensionRequest.objects.filter(pk=request.pk).update(**said_why, reasons="혼자 지내시고 치료가 이어집니다.")
    path = url("extension", request.number)
    assert "치료가 이어집니다" in go(cast.worker, "get", path).content.decode()
    assert "치료가 이어집니다" not in go(cast.officer, "get", path).content.decode()


def test_a_marker_set_later_hides_the_address_and_from_the_office_the_name(cast, at, go, monkeypatch):
    request = at("submitted", by=cast.officer)
    path = url("extension", request.number)
    assert "신림동" in go(cast.officer, "get", path).content.decode()
    for room in ("shown", "drafting"):
        monkeypatch.setattr(f"households.extensions.{room}.guarded", set)
    for user in (cast.worker, cast.first, cast.officer):
        assert "신림동" not in go(user, "get", path).content.decode()
    assert "정금주" not in go(cast.officer, "get", path).content.decode()
    assert "신림동" not in str(paper._form(request, cast.on).facts)


def test_a_paper_is_added_once(cast, at, go):
    request, key = at("submitted"), str(uuid4())
    path = url("extension_evidence", request.number)
    for _twice in range(2):
        go(cast.worker, "post", path, what="소견서", client_key=key)
    assert RequestEvidence.objects.count() == 1
    assert go(cast.worker, "get", path).status_code == 405
    assert go(cast.worker, "post", path).status_code == 422
    assert go(cast.stranger, "post", path, what="-").status_code == 404
    assert go(cast.officer, "post", path, what="-").status_code == 404


@pytest.mark.skipif(not fonts_installed(), reason="no fonts")
def test_letters_are_printed_and_logged(cast, at, go):
    request = at("told")
    for kind, user in (("form", cast.worker), ("result", cast.worker), ("result", cast.first), ("local", cast.first)):
        answer = go(user, "get", url("extension_paper", request.number, kind))
        assert answer.content[:5] == b"%PDF-"
        assert f"{request.number}-{kind}.pdf" in answer["Content-Disposition"]
    assert AccessLog.objects.filter(act="export", subjects=[cast.person.pk]).count() == 4
    assert go(cast.worker, "get", url("extension_paper", request.number, "other")).status_code == 404
    assert go(cast.stranger, "get", url("extension_paper", request.number, "form")).status_code == 404


@pytest.mark.skipif(not fonts_installed(), reason="no fonts")
def test_there_is_no_result_before_the_decision(cast, at, go):
    request = at("draft")
    answer = go(cast.worker, "get", url("extension_paper", request.number, "result"))
    assert "결정하기 전에는" in said(answer)[0]


def test_an_objection_by_its_buttons(cast, at, go):
    request = at("told", outcome="refused")
    new = url("objection_new", request.number)
    words = {"received_on": cast.on, "words": "다시 살펴 주십시오.", "client_key": str(uuid4())}
    assert go(cast.worker, "post", new, **words).status_code == 403
    assert go(cast.stranger, "post", new, **words).status_code == 404
    assert go(cast.first, "get", new).status_code == 405
    assert go(cast.first, "post", new).status_code == 422
    go(cast.first, "post", new, **words)
    go(cast.first, "post", new, **words)
    objection = Objection.objects.get()
    step = lambda verb: url("objection_step", request.number, objection.pk, verb)  # noqa: E731
    answer = {"answer": "accepted", "follow": "nothing", "reasons": "사정을 다시 살폈습니다.", "answered_on": cast.on}
    assert go(cast.worker, "post", step("prepare"), **answer).status_code == 403
    assert go(cast.first, "post", step("prepare")).status_code == 422
    assert go(cast.first, "post", step("prepare"), **{**answer, "follow": "extend"}).status_code == 422
    assert go(cast.first, "post", step("prepare"), **answer).status_code == 200
    assert go(cast.first, "post", step("confirm")).status_code == 403
    go(cast.second, "post", step("confirm"))
    assert "열려 있지 않습니다" in said(go(cast.second, "post", step("confirm")))[0]
    objection.refresh_from_db()
    assert (objection.status, objection.confirmed_by) == ("answered", cast.second)


def test_after_sixty_days_the_page_says_it_counts_as_accepted_and_a_look_changes_nothing(cast, at, go):
    request = at("told", outcome="refused")
    since = cast.on - timedelta(days=61)
    ExtensionRequest.objects.filter(pk=request.pk).update(told_on=since - timedelta(days=5))
    made = objecting.receive(request, received_on=since, words="-", by=cast.first, now=cast.now)
    page = go(cast.first, "get", url("extension", request.number)).content.decode()
    assert "이의신청 받아들인 것으로 봄" in page
    assert f"{cast.on.year}. {cast.on.month}. {cast.on.day}.부터" in page
    assert "시행령 제50조" in page
    row = go(cast.first, "get", url("extensions")).context["rows"][0]
    assert (row["clock"]["state"], row["ours"]) == ("late", True)
    made.refresh_from_db()
    assert made.answer == ""
    assert ProtectionPeriod.objects.current().filter(person=cast.person).count() == 1


@pytest.mark.parametrize(("days", "state"), [(49, ""), (50, "soon"), (60, "soon"), (61, "late")])
def test_the_list_warns_from_the_fiftieth_day(cast, at, go, days, state):
    request = at("told")
    since = cast.on - timedelta(days=days)
    Objection.objects.create(request=request, received_on=since, words="-", received_by=cast.first)
    assert go(cast.first, "get", url("extensions")).context["rows"][0]["clock"]["state"] == state


def test_a_sitting_by_its_buttons(cast, at, go):
    request = at("received")
    starts = day_begins(cast.on + timedelta(days=5)) + timedelta(hours=14)
    plan = {"starts_at": value_of(starts)[:16], "place": "회의실", "client_key": str(uuid4())}
    for _twice in range(2):
        go(cast.first, "post", url("sitting_new"), **plan)
    meeting = Sitting.objects.get()
    assert go(cast.first, "post", url("sitting_new"), client_key=str(uuid4())).status_code == 422
    for name, office in (("sitting_new", ()), ("sittings", ()), ("sitting", (meeting.number,))):
        assert go(cast.worker, "get", url(name, *office)).status_code == 403
    seat = {"office": "통일부차관", "is_chair": "on", "client_key": str(uuid4())}
    for _twice in range(2):
        go(cast.first, "post", url("council_seat"), **seat)
    chair = CouncilSeat.objects.get()
    assert go(cast.first, "post", url("council_seat")).status_code == 422
    put = url("extension_step", request.number, "put")
    assert go(cast.first, "post", put).status_code == 422
    go(cast.first, "post", put, sitting=meeting.pk)
    step = lambda verb: url("sitting_step", meeting.number, verb)  # noqa: E731
    assert go(cast.first, "get", step("announce")).status_code == 405
    assert go(cast.worker, "post", step("announce")).status_code == 403
    go(cast.first, "post", step("announce"))
    go(cast.first, "post", step("announce"))
    go(cast.first, "post", url("sitting_attendance", meeting.number), present=[chair.pk])
    assert "아직 시작되지" in said(go(cast.first, "post", step("hold")))[0]
    assert go(cast.first, "post", step("cancel")).status_code == 422
    Sitting.objects.filter(pk=meeting.pk).update(starts_at=cast.now - timedelta(hours=1))
    go(cast.first, "post", step("hold"))
    item = meeting.items.get()
    vote = {f"v{item.pk}-votes_for": 1, f"v{item.pk}-votes_against": 0, f"v{item.pk}-abstained": 0}
    path = url("sitting_vote", meeting.number, item.pk)
    assert go(cast.first, "post", path).status_code == 422
    assert go(cast.first, "post", path, **{**vote, f"v{item.pk}-abstained": 5}).status_code == 422
    go(cast.first, "post", path, **vote)
    assert go(cast.first, "post", url("sitting_minutes", meeting.number)).status_code == 422
    go(cast.first, "post", url("sitting_minutes", meeting.number), minutes="원안대로 의결함.")
    go(cast.first, "post", step("close"))
    meeting.refresh_from_db()
    assert meeting.status == "closed"
    page = go(cast.first, "get", url("sitting", meeting.number)).content.decode()
    assert "자체로 설정한 값" in page
    assert "찬성 1 · 반대 0 · 기권 0" in page
    go(cast.first, "post", url("council_seat_end", chair.pk))
    chair.refresh_from_db()
    assert chair.during.isempty


@pytest.mark.skipif(not fonts_installed(), reason="no fonts")
def test_the_record_of_a_sitting_is_printed_without_names_of_people(cast, at, go):
    meeting = held(cast, at("received"), closed=True)
    answer = go(cast.first, "get", url("sitting_minutes", meeting.number))
    assert answer.content[:5] == b"%PDF-"
    assert go(cast.worker, "get", url("sitting_minutes", meeting.number)).status_code == 403


def test_the_list_is_empty_in_words_and_closed_to_others(cast, go):
    for user in (cast.worker, cast.officer, cast.first):
        assert "진행 중인 요청이 없습니다" in go(user, "get", url("extensions")).content.decode()
    assert go(UserFactory(role="town_worker"), "get", url("extensions")).status_code == 403


def test_a_protected_household_is_called_by_its_number_in_lists(cast, at, go, monkeypatch):
    at("submitted")
    monkeypatch.setattr("households.extensions.shown.guarded", set)
    page = go(cast.first, "get", url("extensions")).content.decode()
    assert cast.person.case_number in page
    assert "정금주" not in page
    monkeypatch.setattr("households.extensions.drafting.guarded", set)
    form = go(cast.worker, "get", url("extension_new", cast.person.pk)).context["form"]
    assert "place" not in form.fields


def own_queries(go, user, path):
    go(user, "get", path)
    with CaptureQueriesContext(connection) as queries:
        assert go(user, "get", path).status_code == 200
    asked = [one["sql"] for one in queries]
    return [sql for sql in asked if ("FROM (" not in sql[:80] and 'FROM "households_' in sql) or "risk_" in sql[:300]]


def test_the_list_asks_the_same_for_two_and_for_twenty(cast, go):
    counts = []
    for more in (2, 18):
        for _n in range(more):
            one = PersonFactory(household=cast.household)
            request_of(one, by=cast.worker)
        counts.append({user.pk: own_queries(go, user, url("extensions")) for user in (cast.worker, cast.first)})
    for user in (cast.worker, cast.first):
        assert len(counts[0][user.pk]) == len(counts[1][user.pk]) <= 5, counts[1][user.pk]
    assert len(members_of(cast.household)) == 21


def test_two_at_once_one_wins_and_the_other_is_told(cast, at, go):
    request = at("submitted")
    deciding.receive(request, by=cast.second, now=cast.now, received_on=cast.on)
    late = go(cast.first, "post", url("extension_step", request.number, "receive"), received_on=cast.on)
    assert said(late) == ["이 단계는 더 열려 있지 않습니다. 지금 상태는 “통일부 접수”입니다."]
    assert sitting.TICKED


def test_the_office_that_was_asked_sees_its_turn_and_trying_numbers_leaves_a_trace(cast, at, go):
    request = at("received")
    deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)
    assert go(cast.officer, "get", url("extensions")).context["rows"][0]["ours"] is True
    assert go(cast.worker, "get", url("extensions")).context["rows"][0]["ours"] is False
    sent_words = {**sent(cast), "born_on": cast.on, "case_number": cast.person.case_number}
    go(cast.first, "post", url("extension_on_paper"), **sent_words)
    assert AccessLog.objects.filter(act="search", detail={"on_paper": cast.person.case_number}).count() == 1
