"""Handovers as pages show them: the list of who comes, and one of them with its people, steps and what is due."""

from datetime import timedelta

from django.db.models import Q

from casework.agencies.roles import May, can
from casework.clock import add_working_days, seoul_day
from households.actions.rights import allowed
from households.handover.actions import check_may_tick
from households.handover.periods import ACCEPT_AHEAD, education_due, step_due
from households.handover.said import events_of
from households.handover.workflow import HANDOVER, HandoverStatus
from households.members import unnamed
from households.models import Handover, HandoverPerson, HandoverStep

LATELY = timedelta(days=60)
BESIDE = ("center", "district", "worker", "announced_by", "household")
S = HandoverStatus


def lists_of(user, on):
    """Return {"coming", "settled"}: who is to move in, the nearest day first, and what was settled within 60 days;
    two queries, one for the names and two for whom they may call by name, whatever their number."""
    seen = Handover.objects.visible_to(user).select_related(*BESIDE)
    coming = list(seen.coming().order_by("moves_on", "id"))
    settled = seen.filter(status__in=(S.MOVED_IN, S.WITHDRAWN), moves_on__gte=on - LATELY)
    settled = list(settled.order_by("-moves_on", "-id")[:50])
    people = people_of([*coming, *settled])
    marked = unnamed({one.household_id for one in settled if one.household_id})
    rows = [_row(one, people, user, on) for one in coming]
    return {"coming": rows, "settled": [_row(one, people, user, on, marked) for one in settled]}


def people_of(handovers):
    """Return {handover id: [HandoverPerson, …]}, the head first; one query."""
    found = {}
    for one in HandoverPerson.objects.filter(handover__in=handovers).order_by("handover", "place"):
        found.setdefault(one.handover_id, []).append(one)
    return found


def called(handover, people, marked):
    """Return how a handover is called: by its head, or, of a household in `marked` (ids of those called by number,
    `members.unnamed`), by the number of the household."""
    if handover.household_id in marked:
        return handover.household.number
    return str(people[0]) if people else handover.number


def _row(handover, people, user, on, marked=frozenset()):
    mine = people.get(handover.pk, [])
    return {
        "handover": handover,
        "name": called(handover, mine, marked),
        "people": mine,
        "days": (handover.moves_on - on).days,
        "state": _state(handover, on),
        "ours": bool({step.verb for step in HANDOVER.open_to(handover, user)} & {"accept", "readdress", "move_in"}),
    }


def _state(handover, on):
    if handover.status not in (S.ANNOUNCED, S.ACCEPTED, S.DECLINED):
        return ""
    left = (handover.moves_on - on).days
    return "late" if left < 0 else "soon" if left <= ACCEPT_AHEAD else ""


def waiting_at(user, on, holidays):
    """Return the rows of handovers to the user's centre that nobody has accepted although the move lies within 3
    working days or has passed; two queries, one where there are none."""
    soon = add_working_days(on, ACCEPT_AHEAD, holidays)
    return _waiting(Handover.objects.visible_to(user).filter(status=S.ANNOUNCED, moves_on__lte=soon), user, on)


def passed_at(user, on):
    """Return the rows of handovers on which the Ministry looks: those that a centre sent back, and those that nobody
    has accepted although the day of the move has come; two queries, one where there are none."""
    passed = Q(status=S.DECLINED) | Q(status=S.ANNOUNCED, moves_on__lt=on)
    return _waiting(Handover.objects.visible_to(user).filter(passed), user, on)


def _waiting(found, user, on):
    rows = list(found.select_related("center", "district").order_by("moves_on", "id"))
    people = people_of(rows) if rows else {}
    return [_row(one, people, user, on) for one in rows]


def page_of(handover, user, now):
    """Return what the page of a handover shows to a user who sees it."""
    on = seoul_day(now)
    people = people_of([handover]).get(handover.pk, [])
    marked = unnamed({handover.household_id}) if handover.household_id else set()
    return {
        "handover": handover,
        "name": called(handover, people, marked),
        "people": people,
        "days": (handover.moves_on - on).days,
        "state": _state(handover, on),
        "buttons": HANDOVER.open_to(handover, user),
        "steps": steps_of(handover, on) if handover.status == S.MOVED_IN else [],
        "may_tick": handover.status == S.MOVED_IN and allowed(check_may_tick, user, handover),
        "education_due": education_due(handover.moved_on) if handover.moved_on else None,
        "ministry": can(user, May.DECIDE_PROTECTION),
        "events": events_of(handover),
        "on": on,
    }


def steps_of(handover, on):
    """Return [{"step", "label", "due", "done_on", "state"}] of the first steps after the move; one query."""
    last = {row.step: row for row in HandoverStep.objects.filter(handover=handover).order_by("id")}
    shown = []
    for step in HandoverStep.Step:
        row, due = last.get(step), step_due(handover.moved_on, step)
        done = row.done_on if row and row.done else None
        state = "done" if done else "late" if due < on else ""
        shown.append({"step": step, "label": step.label, "due": due, "done_on": done, "state": state})
    return shown
