"""What the pages of case conferences show; of households, those that the user sees, and how many more there are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.utils.translation import gettext as _

from casework.agencies.models import Jurisdiction, User
from casework.agencies.roles import May, can
from casework.audit.models import Event
from casework.clock import seoul_day
from casework.templatetags.format import dayslate, fullday
from desks.conferences.due import owed
from desks.titles import titles_of
from households.conferences import following
from households.conferences.agenda import TAKES_MORE
from households.conferences.forms import GUESTS
from households.conferences.rights import staff_of
from households.conferences.workflow import CONFERENCE, OPEN, ConferenceStatus, is_keeper
from households.models import CaseConference, ConferenceDecision, ConferenceItem, Household, Responsibility
from households.models.circle import TODAY
from referrals import suggest
from referrals.models import Referral
from referrals.states import FINISHED, NEEDS, Status
from risk.bands import Band
from risk.models import Standing
from risk.rules import is_known
from risk.sentences import sentence

PAST = 30
DUE_ON_A_PAGE = 50


def lists_of(user: User) -> dict[str, Any]:
    """Return the conferences of the user's centre: those to come, and the latest of those that were; two queries."""
    seen = CaseConference.objects.visible_to(user).select_related("chair").order_by("starts_at", "id")
    on_it = Count("items", filter=Q(items__withdrawn_at=None))
    coming = seen.exclude(status__in=[ConferenceStatus.CLOSED, ConferenceStatus.CANCELLED]).annotate(n=on_it)
    past = seen.filter(status__in=[ConferenceStatus.CLOSED, ConferenceStatus.CANCELLED]).annotate(n=on_it)
    return {"coming": list(coming), "past": list(past.order_by("-starts_at", "-id")[:PAST])}


def takes_more(user: User) -> QuerySet[CaseConference]:
    """Return the conferences before which the user can still bring a household, the next one first."""
    return CaseConference.objects.visible_to(user).filter(status__in=TAKES_MORE).order_by("starts_at", "id")


def due_of(user: User, *, now: datetime, number: Any = None) -> dict[str, Any]:
    """Return one page of the households for which a conference is owed, Emergencies on top, then the earliest day: its
    `rows`, their `titles`, the `page`, and of how many in all the day has passed (`late`). Five queries."""
    on = seoul_day(now)
    seen = Household.objects.kept_by(user).order_by().values("pk")
    due = owed(seen, on=on)
    urgent = Case(When(shown_band=Band.EMERGENCY, then=0), default=1)
    page = Paginator(due.order_by(urgent, "due_on", "-shown_band", "household_id"), DUE_ON_A_PAGE).get_page(number)
    found = list(page.object_list)
    titles = titles_of(user, [row.pk for row in found], on=on)
    waits = ConferenceItem.objects.waiting().filter(household__in=[row.pk for row in found])
    booked = {item.household_id: item.conference for item in waits.select_related("conference").order_by("-id")}
    rows = [
        {
            "standing": row,
            "title": titles[row.pk],
            "due_on": row.due_on,
            "late": row.due_on < on,
            "left": dayslate((on - row.due_on).days) if row.due_on < on else "",
            "why": _listed(row, on),
            "booked": booked.get(row.pk),
        }
        for row in found
        if row.pk in titles
    ]
    return {"rows": rows, "titles": titles, "page": page, "late": due.filter(due_on__lt=on).count()}


def _listed(row: Standing, on: Any) -> str:
    if not row.reason_rule or not is_known(row.reason_rule) or row.reason_since is None:
        return ""
    return sentence(row.reason_rule, row.reason_evidence, row.reason_since, on, kind="list")


def items_of(conference: CaseConference, user: User) -> list[ConferenceItem]:
    """Return the households on the agenda that the user sees, in its order, with their decisions; three queries."""
    beside = ConferenceDecision.objects.select_related("owner", "to_agency", "recorded_by", "done_by").order_by("id")
    papers = Prefetch("referrals", Referral.objects.visible_to(user).order_by("-id"), to_attr="written")
    rows = ConferenceItem.objects.visible_to(user).filter(conference=conference).standing()
    rows = rows.select_related("household", "brought_by", "conference")
    return list(rows.prefetch_related(Prefetch("decisions", beside.prefetch_related(papers))).order_by("place", "id"))


def conference_of(conference: CaseConference, user: User, *, now: datetime) -> dict[str, Any]:
    """Return what the working screen shows. The number of queries does not depend on how many households there are."""
    on = seoul_day(now)
    items = items_of(conference, user)
    ids = [item.household_id for item in items]
    titles = titles_of(user, ids, on=on)
    bands = dict(Standing.objects.filter(household__in=ids).order_by().values_list("household", "shown_band"))
    people = list(staff_of(conference.centre_id))
    keeper, held = is_keeper(conference, user), conference.status == ConferenceStatus.HELD
    over = following.ended(one for item in items for one in item.decisions.all())
    for item in items:
        for one in item.decisions.all():
            one.item = item
    here = {person.pk for person in people}
    return {
        "conference": conference,
        "keeper": keeper,
        "writing": keeper and held,
        "takes": conference.status in TAKES_MORE and can(user, May.RECORD_CONTACT),
        "changes": keeper and conference.status in OPEN,
        "steps": [step for step in CONFERENCE.open_to(conference, user) if step.verb != "cancel"],
        "cancels": any(step.verb == "cancel" for step in CONFERENCE.open_to(conference, user)),
        "items": [
            {
                "item": item,
                "title": titles[item.household_id],
                "band": bands.get(item.household_id, 1),
                "decisions": [decision_shown(one, user, on, here, over) for one in item.decisions.all()],
                "withdraws": conference.status in TAKES_MORE and (keeper or item.brought_by_id == user.pk),
            }
            for item in items
            if item.household_id in titles
        ],
        **_not_shown(conference, len(items)),
        **attendance_of(conference, people),
        "people": people,
        "titles": titles,
        "events": events_of(conference),
    }


def decision_shown(one: Any, user: User, on: Any, here: set[int], over: dict[str, Any]) -> dict[str, Any]:
    """Return a decision, what became of it, and what the user can do with it. `here`: who works at the centre."""
    asks, referral = one.kind in ConferenceDecision.ASKS, _referral(one)
    words, state = _became(one, referral, on, over)
    open_still = asks and not one.taken_back_at and not one.led_to
    mine = open_still and (one.owner_id == user.pk or can(user, May.ASSIGN) or one.owner_id not in here)
    refers = mine and one.kind == ConferenceDecision.Kind.REFERRAL and can(user, May.REFER)
    return {
        "decision": one,
        "became": words,
        "state": state,
        "referral": referral,
        "gone": asks and one.owner_id not in here and not one.done_on and not one.taken_back_at,
        "refers": refers and not one.done_on and (referral is None or referral.sent_at is None),
        "done": mine and not one.done_on and one.kind != ConferenceDecision.Kind.REFERRAL,
        "undo": mine and one.done_on is not None,
        "backs": can(user, May.ASSIGN) and not (one.done_on or one.led_to or one.taken_back_at or referral),
        "gives": can(user, May.ASSIGN) and open_still and not one.done_on,
    }


def _referral(one: Any) -> Any:
    """Return the referral that came of a decision and that the user may read: the last that was not cancelled."""
    written = getattr(one, "written", ())
    return next((row for row in written if row.status != Status.CANCELLED), None)


def _became(one: Any, referral: Any, on: Any, over: dict[str, Any]) -> tuple[str, str]:
    if one.taken_back_at:
        return _("Taken back: %(why)s") % {"why": one.taken_back_because}, ""
    if one.done_on or one.led_to in over:
        day = fullday(one.done_on or over[one.led_to])
        return " · ".join(filter(None, [_("Done on %(day)s") % {"day": day}, one.done_words])), "done"
    if one.kind not in ConferenceDecision.ASKS:
        return "", ""
    late = one.due_on is not None and one.due_on < on
    if referral is not None:
        said = _("Referral %(number)s: %(status)s") % {
            "number": referral.number,
            "status": referral.get_status_display(),
        }
        return said, "done" if referral.status in FINISHED else "late" if late and not referral.sent_at else ""
    if late:
        return dayslate((on - one.due_on).days), "late"
    if one.kind == ConferenceDecision.Kind.REFERRAL:
        return _("The referral is not written yet."), ""
    return _("To be done"), ""


def _not_shown(conference: CaseConference, shown: int) -> dict[str, int]:
    """Count the households that stand on the agenda and are not shown: those of another centre by now, and others."""
    held = Responsibility.objects.current().filter(during__contains=TODAY, center=conference.centre_id)
    here = Q(household__in=held.order_by().values("household"))
    counts = conference.items.standing().aggregate(all=Count("pk"), here=Count("pk", filter=here))
    return {"moved": counts["all"] - counts["here"], "hidden": max(0, counts["here"] - shown)}


def attendance_of(conference: CaseConference, people: Iterable[User]) -> dict[str, Any]:
    """Return who came: the people of the centre with a tick each, guests, and empty lines for more."""
    rows = list(conference.presences.select_related("user").order_by("id"))
    ticked = {row.user_id for row in rows if row.user_id and row.present}
    known = {user.pk: user for user in people} | {row.user_id: row.user for row in rows if row.user_id and row.present}
    guests = [row for row in rows if not row.user_id and row.present]
    return {
        "staff": [{"user": user, "present": pk in ticked} for pk, user in known.items()],
        "guests": guests,
        "lines": range(max(1, GUESTS - len(guests))),
    }


def offered_for(conference: CaseConference, *, now: datetime) -> dict[str, Any]:
    """Return what a decision can be about: the needs, and the agencies that can be asked; one query."""
    on = seoul_day(now)
    places = Jurisdiction.objects.filter(agency=conference.centre_id, during__contains=on).order_by().values("district")
    agencies = suggest.working_in(places, on=on).exclude(pk=conference.centre_id)
    return {"needs": list(NEEDS), "agencies": list(agencies)}


def events_of(conference: CaseConference) -> list[dict[str, Any]]:
    """Return what happened with a conference, the newest first, in words."""
    words = {
        "conference planned": _("Conference planned"),
        "conference changed": _("Conference changed"),
        "conference announced": _("Conference announced"),
        "conference held": _("The conference began"),
        "conference attendance": _("Attendance written"),
        "conference closed": _("Record closed"),
        "conference cancelled": _("Conference cancelled"),
    }
    rows = Event.objects.about(conference).order_by("-id")
    return [{"event": event, "said": words.get(event.verb, event.verb)} for event in rows]
