"""The Ministry's desk: written notices without a record first, then what else waits for the office."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.today.views import referrals_of
from households.extensions.shown import lists_of as requests_of
from households.handover.shown import passed_at
from households.protection.ministry_views import ends_of, named, with_endings
from households.protection.standing import alert_of

SHOWN = 10


@require_safe
def ministry(request: Request) -> HttpResponse:
    """People whose protection ends without a notice on record, the longest past the legal day first; by name, case
    number, period and centre only. Beside it the requests and objections on which the Ministry acts next."""
    if not can(request.user, May.DECIDE_PROTECTION):
        raise PermissionDenied(_("This desk is for officers of the Ministry."))
    now = timezone.now()
    on = seoul_day(now)
    rows = with_endings(ends_of(request.user, on), on)
    waiting = referrals_of(request.user, now)
    owed = [row for row in rows if row.ending.notice_state in ("none", "returned")]
    asked = [row for row in requests_of(request.user, on)["rows"] if row["ours"]]
    if asked:
        looked(request, Act.LIST, subjects={row["request"].person_id for row in asked}, detail={"desk": "requests"})
    context = {
        "now": now,
        "alert": alert_of(rows),
        "rows": named(request, owed[:SHOWN], on, {"desk": "ministry"}),
        "owed": len(owed),
        "requests": asked,
        "handovers": passed_at(request.user, on),
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
    }
    return render(request, "desks/protection/ministry.html", context)
