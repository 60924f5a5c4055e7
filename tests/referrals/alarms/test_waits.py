"""What waits beside the steps of a referral stands on the same ladder: the law's days, second looks, transfers,
concerns. Each rung once, whenever a run comes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Agency
from casework.clock import Holiday
from households.models import Absence
from referrals import reviews, statutory
from referrals.alarms.raising import raise_alarms
from referrals.models import AgendaItem, Alarm
from referrals.transfers import actions as transfers
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.councils import agenda_of
from tests.factories.handovers import conflict_of
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReferralFactory
from tests.referrals.alarms.conftest import FRIDAY
from tests.referrals.alarms.ladder import EACH_IN_TURN, told, told_later

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = FRIDAY.replace(hour=0, minute=0)
LIST = reverse("referrals:alarms")


@pytest.fixture
def referral(people):
    return ReferralFactory(sender=people.sender, receiver=people.receiver, sent_at=FRIDAY, stands="in_progress")


class TestTheLawsDays:
    @pytest.fixture
    def application(self, people, referral):
        return statutory.record_application(
            referral, by=people.receiver, now=FRIDAY, benefit="생계급여", applied_on=date(2026, 11, 12)
        )

    def test_it_runs_out_with_the_last_day_moved_to_a_working_day_and_goes_on_in_working_days(self, application):
        # 12 December is a Saturday: the term ends with Monday the 14th.
        tuesday = MIDNIGHT.replace(month=12, day=15)
        rungs = [tuesday, tuesday + DAY, tuesday + 3 * DAY, tuesday + 7 * DAY]
        assert told_later("decision", rungs, application=application) == EACH_IN_TURN
        first = Alarm.objects.filter(application=application).earliest("rung")
        said = statutory.line_of(application, FRIDAY, Holiday.objects.days())
        assert first.ran_out_at == said["at"] == tuesday

    def test_the_office_hears_first_and_both_sides_next(self, application):
        raise_alarms(FRIDAY + 60 * DAY)
        assert told("decision") == {
            1: {"구민서"},
            2: {"다른주무관", "한팀장"},
            3: {"최센터장"},
            4: {"통일부담당"},
        }

    def test_with_a_stated_reason_it_runs_sixty_days_and_a_decision_ends_it(self, people, application):
        statutory.extend(application, by=people.receiver, now=FRIDAY + DAY, reason="재산 조사가 남았습니다.")
        raise_alarms(FRIDAY + 50 * DAY)
        assert not told("decision")
        raise_alarms(FRIDAY + 63 * DAY)
        assert Alarm.objects.needed().filter(station="decision").exists()
        statutory.decide(
            application, by=people.sender, now=FRIDAY + 64 * DAY, decided_on=date(2027, 1, 15), granted=True
        )
        assert not Alarm.objects.needed().filter(station="decision").exists()

    def test_two_applications_of_one_day_have_a_ladder_each(self, people, referral, application):
        statutory.record_application(
            referral, by=people.receiver, now=FRIDAY, benefit="의료급여", applied_on=date(2026, 11, 12)
        )
        raise_alarms(FRIDAY + 60 * DAY)
        assert Alarm.objects.filter(station="decision", rung=1).count() == 2
        assert raise_alarms(FRIDAY + 60 * DAY) == 0

    def test_on_a_day_of_absence_a_colleague_who_stands_in_hears(self, people, application):
        away = DateRange(date(2026, 12, 1), None)
        Absence.objects.create(worker=people.receiver, substitute=people.other, during=away)
        raise_alarms(FRIDAY + 32 * DAY)
        assert told("decision") == {1: {"다른주무관"}}


class TestSecondLooks:
    @pytest.fixture
    def danger(self, people):
        return ReferralFactory(
            sender=people.sender, receiver=people.receiver, sent_at=FRIDAY, ground="danger", note="위급"
        )

    def test_those_who_look_again_hear_after_three_working_days_and_then_above(self, danger):
        wednesday = FRIDAY + 5 * DAY
        rungs = [wednesday, wednesday + DAY, wednesday + 5 * DAY, wednesday + 7 * DAY]
        assert told_later("look", rungs, referral=danger) == EACH_IN_TURN
        assert told("look") == {1: {"한팀장"}, 2: {"한팀장"}, 3: {"최센터장"}, 4: {"통일부담당"}}

    def test_who_sent_it_is_not_asked_to_look_at_it(self, people):
        mine = ReferralFactory(
            sender=people.boss, receiver=people.receiver, sent_at=FRIDAY, ground="danger", note="위급"
        )
        raise_alarms(FRIDAY + 30 * DAY)
        assert told("look", referral=mine) == {3: {"최센터장"}, 4: {"통일부담당"}}

    def test_the_look_ends_it_whatever_was_found(self, people, danger):
        raise_alarms(FRIDAY + 6 * DAY)
        needed = Alarm.objects.needed().filter(station="look")
        assert needed.exists()
        reviews.judge(danger.ground_review, by=people.boss, now=FRIDAY + 6 * DAY, upheld=True, reason="위급하였습니다.")
        assert not needed.all().exists()
        assert raise_alarms(FRIDAY + 6 * DAY) == 0

    def test_what_was_brought_before_a_council_for_danger_is_looked_at_too(self, people):
        made = agenda_of(HouseholdFactory(worker=people.sender), by=people.sender, convener=OfficeFactory())
        now = timezone.now()
        assert raise_alarms(now + HOUR) == 0
        raise_alarms(now + 20 * DAY)
        assert told("agenda_look", item=made["item"])[1] == {"한팀장"}
        AgendaItem.objects.update(looked_at=now, looked_by=people.boss, upheld=True)
        assert not Alarm.objects.needed().exists()


class TestTransfers:
    @pytest.fixture
    def there(self):
        centre = Agency.objects.get(name_ko="제주하나센터")
        return {
            "worker": UserFactory(agency=centre, name="고은별"),
            "boss": UserFactory(agency=centre, role="supervisor", name="한도경"),
            "centre": centre,
        }

    @pytest.fixture
    def transfer(self, people, there):
        home = HouseholdFactory(worker=people.sender, district="제주 제주시", town="", members=["정금주"])
        return transfers.propose(home, to=there["centre"], by=people.sender, now=FRIDAY)

    def test_not_answered_in_three_working_days_it_climbs_on_both_sides(self, transfer):
        wednesday = FRIDAY + 5 * DAY
        rungs = [wednesday, wednesday + DAY, wednesday + 5 * DAY, wednesday + 7 * DAY]
        assert told_later("transfer", rungs, transfer=transfer) == EACH_IN_TURN
        assert told("transfer") == {
            1: {"서지훈"},  # nobody there has it: who proposed it
            2: {"한도경", "한팀장"},
            3: {"최센터장"},
            4: {"통일부담당"},
        }

    def test_an_answer_settles_it_and_the_first_contact_has_its_own_seven_days(self, there, transfer):
        raise_alarms(FRIDAY + 6 * DAY)
        accepted = FRIDAY + 6 * DAY + HOUR
        transfers.accept(transfer, by=there["boss"], now=accepted, worker=there["worker"])
        assert not Alarm.objects.needed().exists()
        raise_alarms(accepted + 7 * DAY)
        assert not told("meet")
        raise_alarms(accepted + 7 * DAY + SECOND)
        assert told("meet") == {1: {"고은별"}}
        assert Alarm.objects.needed().count() == 1

    def test_after_days_without_a_run_nothing_is_lost_and_nobody_is_told_twice(self, transfer):
        raise_alarms(FRIDAY + 20 * DAY)
        assert sorted(told("transfer")) == [1, 2, 3, 4]
        assert {row.to_user.name for row in Alarm.objects.filter(skipped=False)} == {"한도경", "최센터장", "통일부담당"}
        assert raise_alarms(FRIDAY + 20 * DAY) == 0
        assert raise_alarms(FRIDAY + 25 * DAY) == 0

    def test_who_stands_in_and_may_not_see_the_transfer_is_told_nothing(self, people, transfer):
        idle = UserFactory(agency=people.sender.agency, name="대직자")
        Absence.objects.create(worker=people.sender, substitute=idle, during=DateRange(date(2026, 11, 16), None))
        raise_alarms(FRIDAY + 5 * DAY + SECOND)
        assert "대직자" not in told("transfer")[1]
        assert not Alarm.objects.named(idle).exists()

    def test_whom_a_conflict_of_interest_bars_is_passed_over(self, people, there, transfer):
        conflict_of(people.sender, members_of(transfer.household)[0])
        raise_alarms(FRIDAY + 5 * DAY + SECOND)
        assert told("transfer") == {1: {"한도경"}}

    def test_the_page_links_it_for_who_sees_it_and_names_nobody(self, page, people, transfer):
        raise_alarms(FRIDAY + 20 * DAY)
        body = page.get(people.head, LIST).content.decode()
        assert reverse("referrals:transfer", args=[transfer.number]) in body
        assert "정금주" not in body
        body = page.get(people.desk, LIST).content.decode()
        assert transfer.number in body
        assert "제주하나센터" in body
        assert reverse("referrals:transfer", args=[transfer.number]) not in body

    def test_it_is_acknowledged_like_any_other(self, page, people, transfer):
        raise_alarms(FRIDAY + 20 * DAY)
        alarm = Alarm.objects.get(to_user=people.head)
        page.post(people.head, reverse("referrals:alarm_seen", args=[alarm.pk]), note="전화하였습니다")
        assert Alarm.objects.get(pk=alarm.pk).acknowledged_at


def test_an_alarm_is_about_one_thing(people, referral):
    raise_alarms(FRIDAY + 60 * DAY)
    alarm = Alarm.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(
            station="look",
            begins_at=FRIDAY,
            rung=1,
            ran_out_at=FRIDAY,
            due_at=FRIDAY,
            raised_at=FRIDAY,
            to_user=alarm.to_user,
            to_agency=alarm.to_agency,
        )


def test_a_run_asks_as_many_questions_of_many_as_of_few(people):
    def run(n):
        for _ in range(n):
            ReferralFactory(
                sender=people.sender, receiver=people.receiver, sent_at=FRIDAY, ground="danger", note="위급"
            )
        with CaptureQueriesContext(connection) as captured:
            assert raise_alarms(FRIDAY + 5 * DAY + n * HOUR) > 0
        return len(captured)

    run(1)
    assert run(2) == run(6)
