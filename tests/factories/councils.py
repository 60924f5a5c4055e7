"""A council with a planned meeting, one household on its agenda and a task, for pages that only need them there."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from casework.clock import seoul_day
from referrals.models import AgendaGrant, AgendaItem, Council, CouncilDecision, CouncilMeeting, CouncilMember
from tests.factories.agencies import UserFactory


def agenda_of(household, *, by, convener):
    """Return the keys {council, seat, meeting, item, decision} of a meeting before which `by` brought a household, and
    which asks something of the agency of `by`; `convener` is the Agency that convenes it and reads the line."""
    now = timezone.now()
    officer = UserFactory(agency=convener, role="residence_officer")
    made = Council.objects.create(
        kind=Council.Kind.REGIONAL, name=f"지역협의회 {household.number}", convened_by=convener, recorded_by=officer
    )
    days = DateRange(seoul_day(now) - timedelta(days=9), None)
    seats = [
        CouncilMember.objects.create(council=made, agency=agency, during=days, recorded_by=officer)
        for agency in (convener, by.agency)
    ]
    starts = now + timedelta(days=3)
    meeting = CouncilMeeting.objects.create(
        council=made,
        starts_at=starts,
        place="구청 3층",
        chair="부구청장",
        open_until=starts + timedelta(days=7),
        planned_by=officer,
    )
    item = AgendaItem.objects.create(
        meeting=meeting,
        household=household,
        from_agency=by.agency,
        proposed_by=by,
        proposed_at=now,
        need="livelihood",
        reason="관리비가 밀렸습니다.",
        ground="danger",
        urgent="-",
    )
    AgendaGrant.objects.create(item=item, agency=convener, during=DateTimeTZRange(now, meeting.open_until))
    asked = CouncilDecision.objects.create(
        item=item, kind="task", what="-", owner_agency=by.agency, due_on=seoul_day(now), recorded_by=officer
    )
    return {"council": made.pk, "seat": seats[1].pk, "meeting": meeting.number, "item": item.pk, "decision": asked.pk}
