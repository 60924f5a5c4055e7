"""Concerns as pages show them: to the centre that decides whole, to who took one down their own words alone."""

from django.core.paginator import Paginator
from django.utils.translation import gettext

from casework.agencies.models import WorkCalendar
from casework.agencies.roles import May, can
from casework.audit.models import Event
from households.models import Household
from referrals.concerns import clocks
from referrals.concerns.workflow import CONCERN, ConcernStatus
from referrals.models import Concern

BESIDE = ("district__parent", "centre", "worker", "household", "taken_by", "answered_by", "same_as")
PAGE = 30


def waiting(user, now):
    """Return the concerns that wait for this user's decision, urgent ones first, then the longest; rows of
    {"concern", "due"}; none for whoever does not decide, and no query."""
    if not can(user, May.ASSIGN):
        return []
    return _waiting(Concern.objects.decided_by(user).select_related(*BESIDE), now)


def _waiting(rows, now):
    found = list(rows.waiting().order_by("-urgent", "waits_since", "id"))
    calendar = WorkCalendar.load() if found else None
    return [_row(one, now, calendar) for one in found]


def before(user, now, page=1):
    """Return {"waiting", "owed", "past"} of what the user sees: rows of {"concern", "due"}; `past` is a page of those
    that were looked at, each list in the order in which it needs somebody."""
    seen = Concern.objects.visible_to(user).with_followed().select_related(*BESIDE)
    inside = seen.filter(centre=user.agency_id)
    waits, owed = _waiting(inside, now), list(inside.owed().order_by("due_on", "id"))
    above = [*(row["concern"].pk for row in waits), *(one.pk for one in owed)]
    rest = seen.exclude(pk__in=above).order_by("-id")
    return {
        "waiting": waits,
        "owed": [_row(one, now, None) for one in owed],
        "past": Paginator(rest, PAGE).get_page(page),
    }


def mine(user, now):
    """Return the concerns whose contact this user owes, the earliest day first; rows of {"concern", "due"}."""
    rows = Concern.objects.visible_to(user).with_followed().owed()
    rows = rows.filter(status=ConcernStatus.CONTACT, worker=user.pk).select_related(*BESIDE).order_by("due_on", "id")
    return [_row(one, now, None) for one in rows]


def _row(concern, now, calendar):
    return {"concern": concern, "due": clocks.due(concern, now, calendar)}


def page_of(concern, user, now):
    """Return what the page of one concern shows to this user: `inside` says that the user is of the deciding centre,
    `told_by` who told us where the user may read it, `household` only where the user may open it."""
    inside = concern.centre_id == user.agency_id
    decides = inside and can(user, May.ASSIGN)
    opens = concern.household_id and Household.objects.visible_to(user).filter(pk=concern.household_id).exists()
    events = _since_it_came(concern) if inside else ()
    return _row(concern, now, WorkCalendar.load()) | {
        "inside": inside,
        "told_by": concern.told_by if decides or concern.taken_by_id == user.pk else "",
        "hidden": bool(concern.told_by),
        "household": concern.household if inside and opens else None,
        "refers": can(user, May.REFER),
        "registers": can(user, May.INTAKE),
        "steps": CONCERN.open_to(concern, user),
        "joined": concern.again.order_by("id") if decides else (),
        "events": [{"event": event, "said": said(event.verb)} for event in events],
    }


def _since_it_came(concern):
    """What happened since the centre has it before it: what another centre decided before is for that centre."""
    events = Event.objects.about(concern).order_by("-id")
    came = events.filter(verb="concern passed on").first()
    return events.filter(pk__gte=came.pk) if came else events


def said(verb):
    """Return an Event's verb in words."""
    return str(
        {
            "concern taken down": gettext("Taken down"),
            "concern: to be contacted": gettext("To be contacted"),
            "concern: agency to be asked": gettext("Another agency is to be asked"),
            "concern: told before": gettext("Joined with an earlier one"),
            "concern: nothing further": gettext("Nothing further"),
            "concern passed on": gettext("Passed on to another centre"),
            "concern: looked at again": gettext("Looked at again"),
        }.get(verb, verb)
    )
