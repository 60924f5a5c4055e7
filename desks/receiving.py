"""The desk of a residence-protection officer: what was sent to the office, and whose protection ends next."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.today.views import referrals_of
from households.members import register_names_on
from households.models import ProtectionPeriod
from households.reports.shown import due_of
from households.reports.workflow import drafts
from referrals.alarms.shown import waiting_for
from referrals.council.shown import households_of, owed_by
from referrals.reviewing import second_looks
from referrals.veil import closed_to

SHOWN = 10


@require_safe
def receiving(request) -> HttpResponse:
    """Referrals in which the office must act, and the next periods of the register to end. No note, signal or score."""
    if not can(request.user, May.SEE_REGISTER):
        raise PermissionDenied(_("This desk is for the residence-protection officer of the district."))
    now = timezone.now()
    on = seoul_day(now)
    waiting = referrals_of(request.user, now)
    ending = ProtectionPeriod.objects.in_register_of(request.user).filter(during__endswith__isnull=False)
    periods = list(ending.order_by("during__endswith", "id")[:SHOWN])
    names, _guarded = register_names_on([period.person_id for period in periods], on)
    read = [item["referral"] for item in waiting[:SHOWN] if not closed_to(item["referral"], request.user)]
    subjects = {person for referral in read for person in referral.packet.get("subjects", [])}
    subjects |= {period.person_id for period in periods}
    asked, grounds = owed_by(request.user, now), second_looks(request.user, now)
    named = households_of(asked) | {item["referral"].household_id for item in grounds[:SHOWN]}
    looked(request, Act.LIST, subjects=subjects, households=named, detail={"desk": "receiving"})
    context = {
        "now": now,
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "alarms": waiting_for(request.user, now),
        "asked_by_councils": asked,
        "report": due_of(request.user, now) if drafts(request.user) else None,
        "grounds": grounds[:SHOWN],
        "grounds_count": len(grounds),
        "brought": [],
        "waiting_late": sum(bool(item["due"] and item["due"].late) for item in waiting),
        "periods": [
            {
                "person": period.person_id,
                "name": names.get(period.person_id, ""),
                "during": period.during,
                "left": (period.during.upper - on).days - 1,
            }
            for period in periods
        ],
    }
    return render(request, "desks/receiving.html", context)
