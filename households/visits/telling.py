"""Who is told that nobody came back from a visit: those who lead the centre, and who is on duty. Numbers only.

A tick asks by range which visits are missing, so that missed ticks lose nothing; the ledger keeps each expected return
from being told twice.
"""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import DutyShift, User
from casework.agencies.roles import May
from casework.telling.actions import Notice, tell_of_occasions
from casework.telling.kinds import Kind
from casework.telling.models import Occasion
from households.models import PlannedVisit

KIND = "visit_missing"
KINDS = (Kind(KIND, _("Nobody came back from a visit at the expected time"), at_any_hour=True),)


def tell_missing(now):
    """Tell of every visit of which nobody said within half an hour of the expected return that they are back; return
    how many. Five queries, whatever their number."""
    rows = PlannedVisit.objects.missing(now).select_related("household").order_by("id")
    keys = {_key(visit): visit for visit in rows}
    told = set(Occasion.objects.filter(kind=KIND, key__in=keys).values_list("key", flat=True)) if keys else set()
    new = {key: visit for key, visit in keys.items() if key not in told}
    if not new:
        return 0
    agencies = {visit.agency_id for visit in new.values()}
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency__in=agencies).by_agency()
    duty = DutyShift.objects.at(now).filter(agency__in=agencies, user__is_active=True)
    on_duty = dict(duty.order_by("id").values_list("agency", "user"))
    notices = [one for key, visit in new.items() for one in _notices(key, visit, leads, on_duty)]
    tell_of_occasions(KIND, list(new), notices, now=now)
    return len(new)


def _key(visit):
    return f"{visit.pk} {visit.expected_back.isoformat()}"


def _notices(key, visit, leads, on_duty):
    """Also to a supervisor who went themselves: a telephone that rings is found."""
    users = {user.pk for user in leads.get(visit.agency_id, [])} | ({on_duty.get(visit.agency_id)} - {None})
    url = ("households:visit", visit.pk)
    return [Notice(user, KIND, visit.household.number, url, key) for user in sorted(users)]
