"""A request on its way: who may do what, two officers, nothing that the table does not know."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from casework.audit.models import Event
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions.refusal import NotAllowed, Refused
from households.extensions import deciding, drafting
from households.models import ExtensionRequest, RequestEvidence
from tests.factories import UserFactory
from tests.households.extensions.conftest import ground, words_of

pytestmark = pytest.mark.django_db


def test_a_request_goes_from_the_form_to_the_told_result(cast, at):
    told = at("told")
    assert told.number.startswith("E-")
    assert (told.status, told.outcome, told.route) == ("told", "extended", "person")
    verbs = list(Event.objects.about(told).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "request written",
        "request signed",
        "request submitted",
        "request received",
        "put on the agenda",
        "decision prepared",
        "request decided",
        "result told",
    ]


def test_neither_centre_nor_local_government_holds_the_request_back(cast, at):
    received = at("received")
    opinion = deciding.ask_opinion(received, agency=cast.office, by=cast.first, now=cast.now)
    assert deciding.ask_opinion(received, agency=cast.office, by=cast.first, now=cast.now) == opinion
    assert opinion.due_on == cast.on + timedelta(days=14)
    assert {step.verb for step in drafting.REQUEST.open_to(received, cast.first)} == {"put", "withdraw"}


def test_the_office_that_was_asked_gives_its_opinion_once(cast, at):
    opinion = deciding.ask_opinion(at("received"), agency=cast.office, by=cast.first, now=cast.now)
    with pytest.raises(NotYours):
        deciding.give_opinion(opinion, words="-", by=UserFactory(role="residence_officer"), now=cast.now)
    given = deciding.give_opinion(opinion, words="연장이 필요합니다.", by=cast.officer, now=cast.now)
    assert (given.answered_by, given.words) == (cast.officer, "연장이 필요합니다.")
    with pytest.raises(NotNow):
        deciding.give_opinion(opinion, words="아닙니다.", by=cast.officer, now=cast.now)


def test_who_prepared_it_does_not_decide(cast, at):
    prepared = at("prepared")
    with pytest.raises(NotYours, match="second"):
        deciding.decide(prepared, by=cast.first, now=cast.now)
    with pytest.raises(IntegrityError, match="extension_decided_by_a_second"), transaction.atomic():
        ExtensionRequest.objects.filter(pk=prepared.pk).update(decided_by=cast.first, decided_on=cast.on)


def test_a_prepared_decision_goes_back_with_a_reason(cast, at):
    back = deciding.send_back(at("prepared"), by=cast.second, now=cast.now, reason="사유를 더 적어 주십시오.")
    assert (back.status, back.outcome, back.prepared_by) == ("agenda", "", None)


def test_raw_sql_does_not_skip_a_step(at):
    draft = at("draft")
    with pytest.raises(InternalError, match="transition"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_extensionrequest SET status = 'decided' WHERE id = %s", [draft.pk])


def test_nothing_is_prepared_before_the_council_voted(cast, at):
    request = at("agenda")
    request.items.update(votes_for=None, votes_against=None, abstained=None)
    with pytest.raises(Refused, match="심의"):
        deciding.prepare(request, outcome="refused", reasons="-", by=cast.first, now=cast.now)


@pytest.mark.parametrize("status", ["draft", "signed", "submitted", "received", "agenda", "prepared"])
def test_the_person_withdraws_at_any_step_before_the_decision(cast, at, status):
    gone = drafting.withdraw(at(status), by=cast.worker, now=cast.now, reason="이사하게 되었습니다.")
    assert gone.status == "withdrawn"
    with pytest.raises(NotNow):
        drafting.withdraw(gone, by=cast.worker, now=cast.now, reason="-")
    assert drafting.write(cast.person, by=cast.worker, now=cast.now, **words_of(cast)).status == "draft"


def test_what_is_decided_is_not_withdrawn(cast, at):
    with pytest.raises(NotNow):
        drafting.withdraw(at("decided"), by=cast.worker, now=cast.now, reason="-")


def test_one_request_at_a_time_and_a_double_tap_is_one(cast):
    key = uuid4()
    first = drafting.write(cast.person, by=cast.worker, now=cast.now, client_key=key, **words_of(cast))
    assert drafting.write(cast.person, by=cast.worker, now=cast.now, client_key=key, **words_of(cast)) == first
    with pytest.raises(Refused, match="이미"):
        drafting.write(cast.person, by=cast.worker, now=cast.now, **words_of(cast))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"asked_until": 0}, "asked_until"),
        ({"asked_until": 365 * 6}, "asked_until"),
        ({"kind": "shorten", "asked_until": 1}, "asked_until"),
        ({"written_on": 1}, "written_on"),
    ],
)
def test_what_does_not_fit_the_period_is_refused_beside_its_field(cast, last_day, said, field):
    words = {
        name: (last_day() if name == "asked_until" else cast.on) + timedelta(days=days) if name != "kind" else days
        for name, days in said.items()
    }
    with pytest.raises(Refused) as refused:
        drafting.write(cast.person, by=cast.worker, now=cast.now, **words_of(cast, **words))
    assert refused.value.field == field


def test_a_signed_form_is_opened_before_it_is_changed(cast, at):
    signed = at("signed", grounds=[ground("ELDERLY")])
    with pytest.raises(NotNow):
        drafting.rewrite(signed, by=cast.worker, now=cast.now, **words_of(cast))
    opened = drafting.reopen(signed, by=cast.worker, now=cast.now)
    assert (opened.signature, opened.signed_on) == ("", None)
    words = words_of(cast, reason="다시 씁니다.")
    drafting.rewrite(opened, by=cast.worker, now=cast.now, grounds=[ground("OTHER")], **words)
    opened.refresh_from_db()
    assert opened.reason == "다시 씁니다."
    assert [one.ground.code for one in opened.grounds.all()] == ["OTHER"]


def test_papers_are_added_until_the_decision_and_never_changed(cast, at):
    request, key = at("submitted"), uuid4()
    made = drafting.attach(request, what="진단서", by=cast.worker, now=cast.now, client_key=key)
    assert drafting.attach(request, what="진단서", by=cast.worker, now=cast.now, client_key=key) == made
    with pytest.raises(NotYours):
        drafting.attach(request, what="소견서", by=cast.officer, now=cast.now)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        RequestEvidence.objects.filter(pk=made.pk).update(what="다른 자료")


def test_a_local_government_asks_for_its_own_register_and_its_request_goes_its_way(cast, at):
    assert at("draft", by=cast.officer).route == "local"
    other = UserFactory(agency__kind="city", role="residence_officer")
    with pytest.raises(NotAllowed):
        drafting.write(cast.person, by=other, now=cast.now, **words_of(cast))


def test_harm_by_violence_is_told_to_the_minister_and_to_no_local_government(cast, at):
    with pytest.raises(Refused) as refused:
        at("draft", by=cast.officer, grounds=[ground("VIOLENCE_VICTIM")])
    assert refused.value.field == "grounds"
    assert "VIOLENCE_VICTIM" not in drafting.grounds_for("local", cast.on).values_list("code", flat=True)
    assert at("draft", grounds=[ground("VIOLENCE_VICTIM")]).grounds.count() == 1


def test_on_paper_the_number_and_the_birth_date_belong_together(cast):
    born = cast.on.replace(year=cast.on.year - 66, day=1)
    assert drafting.person_on_paper(cast.first, cast.person.case_number, born) == cast.person
    with pytest.raises(Refused):
        drafting.person_on_paper(cast.first, cast.person.case_number, born + timedelta(days=1))
    with pytest.raises(NotAllowed):
        drafting.person_on_paper(cast.worker, cast.person.case_number, born)


def test_those_who_must_act_are_told_and_nobody_of_their_own_act(cast, at):
    prepared = at("prepared")
    told = Notification.objects.order_by("id")
    assert set(told.filter(kind="extension_submitted").values_list("user__name", flat=True)) == {"정소라", "송다인"}
    assert list(told.filter(kind="extension_prepared").values_list("user__name", flat=True)) == ["송다인"]
    assert set(told.filter(kind="extension_moved").values_list("user__name", flat=True)) == {"서지훈"}
    assert {one.label for one in told} == {prepared.number}


def test_registered_mail_bears_its_number_and_comes_after_the_decision(cast, at):
    decided = at("decided")
    with pytest.raises(Refused) as refused:
        deciding.tell(decided, told_on=cast.on, told_way="registered", by=cast.first, now=cast.now)
    assert refused.value.field == "told_proof"
    early = cast.on - timedelta(days=1)
    with pytest.raises(Refused):
        deciding.tell(decided, told_on=early, told_way="handed", by=cast.first, now=cast.now)
