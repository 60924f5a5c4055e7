"""Two at once: the row of the report holds, whatever they do with it."""

from households.models import SettlementLine, SettlementReport
from households.reports import actions
from tests.factories.households import members_of
from tests.harness.racing import at_once
from tests.households.reports.conftest import HALF, LAST, NOW, through


def test_two_who_begin_at_once_begin_one_report(committed_db, office):
    made, refused = at_once(
        *(lambda by=by: actions.begin(HALF, by=by, now=NOW) for by in (office.officer, office.second))
    )
    assert len(made) + len(refused) == 2
    assert {one.pk for one in made} == {SettlementReport.objects.get().pk}


def test_two_who_freeze_at_once_freeze_it_once(committed_db, office, settle, draft):
    settle("정금주", "김철수")
    report = draft()
    done, refused = at_once(
        *(lambda by=by: actions.ready(report, by=by, now=NOW) for by in (office.officer, office.second))
    )
    assert (len(done), len(refused)) == (1, 1)
    assert SettlementLine.objects.count() == 2
    assert SettlementReport.objects.get().attempt == 1


def test_an_answer_beside_the_freezing_stands_in_it_or_is_refused(committed_db, office, settle, draft):
    person = members_of(settle("정금주"))[0]
    report = draft()
    said = {"values": {"housing": "own"}, "observed_on": LAST, "by": office.second, "now": NOW}
    done, refused = at_once(
        lambda: actions.ready(report, by=office.officer, now=NOW),
        lambda: actions.answer(report, person, **said),
    )
    line = SettlementLine.objects.get()
    assert bool(line.cells["housing"]) == (len(done) == 2)
    assert len(done) + len(refused) == 2


def test_two_who_reopen_at_once_open_one_version(committed_db, office, settle, draft):
    settle("정금주")
    sent = through(draft(), "send", office)
    made, _refused = at_once(
        *(lambda by=by: actions.reopen(sent, by=by, now=NOW, why="빠진 분") for by in (office.officer, office.second))
    )
    assert {one.version for one in made} == {2}
    assert SettlementReport.objects.count() == 2
