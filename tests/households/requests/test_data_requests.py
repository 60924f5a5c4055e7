"""A request about the own data: taken down, identity seen, answered by one or refused by two, told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from casework.audit.models import Event
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.models import CorrectionStatement, DataRequest, Restriction
from households.requests import answering, clocks, correcting, taking
from tests.factories.standings import stands
from tests.households.requests.conftest import taken

pytestmark = pytest.mark.django_db


def answer(request, cast, *, by=None, outcome="granted", **words):
    said = {"reasons": "말씀하신 대로 하겠습니다.", "legal_ground": "제36조", **words}
    return answering.answer(request, outcome=outcome, by=by or cast.boss, now=cast.now, **said)


def test_the_worker_takes_it_down_and_those_who_answer_are_told(cast):
    made = taken(cast)
    assert (made.status, made.due_on) == ("received", cast.on + timedelta(days=10))
    told = Notification.objects.filter(kind="data_request").values_list("user", flat=True)
    assert set(told) == {cast.boss.pk, cast.head.pk}
    with pytest.raises(NotYours):
        taking.take_down(
            cast.person, kind="see", received_on=cast.on, way="phone", words="…", by=cast.stranger, now=cast.now
        )


def test_the_same_key_lands_once_and_a_day_to_come_is_refused(cast):
    key = uuid4()
    assert taken(cast, client_key=key) == taken(cast, client_key=key)
    with pytest.raises(Refused) as refused:
        taken(cast, days_ago=-1)
    assert refused.value.field == "received_on"


def test_nothing_is_answered_before_the_identity_was_seen(cast, at):
    with pytest.raises(NotNow):
        answer(at("received"), cast)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE households_datarequest SET status = 'answered'")


def test_a_representative_shows_a_proof_first(cast):
    made = taken(cast, asker="representative", representative="박대리", relation="법정대리인")
    with pytest.raises(Refused) as refused:
        taking.check_identity(made, identity="document", proof_seen=False, by=cast.boss, now=cast.now)
    assert refused.value.field == "proof_seen"
    checked = taking.check_identity(made, identity="document", proof_seen=True, by=cast.boss, now=cast.now)
    assert checked.status == "checked"


def test_the_worker_does_not_answer(cast, at):
    with pytest.raises(NotYours):
        answer(at("checked"), cast, by=cast.worker)


def test_granted_by_one_is_answered_at_once(cast, at):
    made = answer(at("checked"), cast)
    assert (made.status, made.answered_on, made.signed_by) == ("answered", cast.on, None)


@pytest.mark.parametrize("outcome", ["partly", "refused"])
def test_a_refusal_is_signed_by_somebody_else_who_is_told(cast, at, outcome):
    made = answer(at("checked"), cast, outcome=outcome)
    assert made.status == "proposed"
    assert Notification.objects.filter(kind="data_refusal", user=cast.head).exists()
    with pytest.raises(NotYours):
        answering.sign(made, by=cast.boss, now=cast.now)
    signed = answering.sign(made, by=cast.head, now=cast.now)
    assert (signed.status, signed.outcome, signed.signed_by) == ("answered", outcome, cast.head)


def test_a_refusal_names_its_ground(cast, at):
    with pytest.raises(Refused) as refused:
        answer(at("checked"), cast, outcome="refused", legal_ground=" ")
    assert refused.value.field == "legal_ground"


def test_a_refusal_that_is_sent_back_is_answered_anew(cast, at):
    back = answering.send_back(at("proposed"), reason="사유를 더 적어 주십시오.", by=cast.head, now=cast.now)
    assert (back.status, back.outcome, back.answered_by) == ("checked", "", None)
    assert answer(back, cast).status == "answered"


def test_two_sign_at_once_and_the_second_is_told_that_it_is_done(cast, at):
    made = at("proposed")
    answering.sign(made, by=cast.head, now=cast.now)
    with pytest.raises(NotNow):
        answering.sign(made, by=cast.head, now=cast.now)


def test_access_is_put_off_once_with_a_reason(cast, at):
    made, until = at("checked"), cast.on + timedelta(days=18)
    assert (
        taking.put_off(made, until=until, reason="기록이 많습니다.", by=cast.boss, now=cast.now).extended_until == until
    )
    assert DataRequest.objects.dated().get(pk=made.pk).until == until
    with pytest.raises(Refused, match=r"한 번|once"):
        taking.put_off(made, until=until + timedelta(days=1), reason="더", by=cast.boss, now=cast.now)


def test_access_is_not_put_off_for_longer_and_other_requests_not_at_all(cast, at):
    with pytest.raises(Refused) as refused:
        taking.put_off(at("checked"), until=cast.on + timedelta(days=21), reason="더", by=cast.boss, now=cast.now)
    assert refused.value.field == "until"
    with pytest.raises(Refused):
        taking.put_off(
            at("checked", "correct"), until=cast.on + timedelta(days=15), reason="더", by=cast.boss, now=cast.now
        )


def test_the_days_are_calendar_days_and_the_warning_counts_working_days():
    received = date(2026, 11, 13)
    until = clocks.due_on(received)
    assert until == date(2026, 11, 23)  # a Monday
    assert clocks.warned_from(until, frozenset()) == date(2026, 11, 18)
    assert clocks.warned_from(until, frozenset({date(2026, 11, 19)})) == date(2026, 11, 17)
    stands_at = [clocks.clock_of(until, day, frozenset()).state for day in (date(2026, 11, 17), date(2026, 11, 18))]
    assert stands_at == ["", "soon"]
    assert clocks.clock_of(until, date(2026, 11, 24), frozenset()).state == "late"


def test_a_restriction_follows_from_the_answer_and_is_lifted_in_one_step(cast, at):
    made = at("answered", "restrict", scopes=["surveys", "sharing"])
    held = Restriction.objects.current().get(person=cast.person)
    assert (held.during.lower, held.scopes, held.request) == (cast.on, ["sharing", "surveys"], made)
    with pytest.raises(NotYours):
        answering.lift(held, reason="당사자가 원합니다.", by=cast.worker, now=cast.now)
    tomorrow = cast.now + timedelta(days=1)
    lifted = answering.lift(held, reason="당사자가 원합니다.", by=cast.boss, now=tomorrow)
    assert lifted.during.upper == cast.on + timedelta(days=1)
    assert answering.lift(held, reason="또", by=cast.boss, now=tomorrow).pk == lifted.pk
    assert Event.objects.filter(verb="restriction lifted").count() == 1


def test_a_restriction_on_its_first_day_is_lifted_as_if_it_had_never_held(cast, at):
    at("answered", "restrict", scopes=["surveys"])
    held = Restriction.objects.current().get(person=cast.person)
    assert answering.lift(held, reason="잘못 들었습니다.", by=cast.boss, now=cast.now).during.isempty


def test_a_second_restriction_takes_the_first_in(cast, at):
    at("answered", "restrict", scopes=["surveys"])
    at("answered", "restrict", scopes=["sharing"])
    held = Restriction.objects.current().filter(during__contains=cast.on).get(person=cast.person)
    assert held.scopes == ["sharing", "surveys"]


def test_what_is_to_be_stopped_is_named(cast, at):
    with pytest.raises(Refused) as refused:
        answer(at("checked", "restrict"), cast, scopes=[])
    assert refused.value.field == "scopes"


def test_a_refused_restriction_restricts_nothing(cast, at):
    at("answered", "restrict", outcome="refused", scopes=["surveys"])
    assert not Restriction.objects.exists()


def test_a_correction_is_told_once_its_entries_are_named(cast, at):
    made = at("answered", "correct", words="이름을 고쳐 주세요.")
    with pytest.raises(Refused):
        answering.tell(made, told_on=cast.on, told_way="handed", by=cast.boss, now=cast.now)
    entry = next(one for one in correcting.entries_of(cast.person.pk) if one.label in ("Name", "이름", "성명"))
    done = answering.carried_out(made, facts=[entry.fact_id, 999_999], words="", by=cast.boss, now=cast.now)
    assert done.done_facts == [entry.fact_id]
    assert answering.tell(done, told_on=cast.on, told_way="handed", by=cast.boss, now=cast.now).status == "told"


def test_words_against_an_entry_that_stays_stand_beside_it(cast, at):
    at("answered", "correct", outcome="refused", words="저는 실직한 적이 없습니다.")
    said = CorrectionStatement.objects.get(person=cast.person)
    assert said.text == "저는 실직한 적이 없습니다."
    assert list(CorrectionStatement.objects.visible_to(cast.stranger)) == []
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE households_correctionstatement SET text = ''")


def test_a_marker_asks_for_a_decision_before_anything_is_given(cast, at):
    made = at("checked")
    stands(cast.household, address_protected=True)
    with pytest.raises(Refused):
        answer(made, cast)
    with pytest.raises(NotYours):
        taking.decide_harm(made, words="함께 살지 않음을 확인함.", by=cast.worker, now=cast.now)
    taking.decide_harm(made, words="함께 살지 않음을 확인함.", by=cast.boss, now=cast.now)
    assert answer(DataRequest.objects.get(pk=made.pk), cast).status == "answered"


def test_a_marked_request_may_be_refused_without_the_decision(cast, at):
    made = at("checked")
    stands(cast.household, address_protected=True)
    assert answer(made, cast, outcome="refused").status == "proposed"


def test_counselling_notes_are_for_a_counsellor_to_decide(cast, at):
    made = at("checked")
    with pytest.raises(NotYours):
        taking.decide_notes(made, give=True, words="괜찮음", by=cast.boss, now=cast.now)
    assert (
        taking.decide_notes(made, give=False, words="치료 중임", by=cast.counsellor, now=cast.now).notes_given is False
    )


def test_who_asked_withdraws_as_long_as_nothing_is_answered(cast, at):
    assert (
        taking.withdraw(at("checked"), reason="필요 없게 되었습니다.", by=cast.worker, now=cast.now).status
        == "withdrawn"
    )
    with pytest.raises(NotNow):
        taking.withdraw(at("answered"), reason="늦음", by=cast.worker, now=cast.now)


def test_seen_at_the_centre_that_keeps_the_file_alone(cast):
    made = taken(cast)
    for user in (cast.worker, cast.counsellor, cast.boss, cast.head):
        assert list(DataRequest.objects.visible_to(user)) == [made]
    assert list(DataRequest.objects.visible_to(cast.stranger)) == []
