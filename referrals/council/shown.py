"""Councils, meetings and what was decided, as pages show them: households by their numbers, safe on a projector."""

from datetime import timedelta

from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext

from casework.agencies.models import Agency
from casework.agencies.roles import May, can
from casework.audit.models import Event
from casework.clock import seoul_day
from casework.templatetags.format import dayslate, daytime, fullday
from households.beside import guarded
from households.models import Household
from households.models.circle import ours
from referrals import suggest
from referrals.council.actions import members_at
from referrals.council.bringing import meetings_for
from referrals.council.deciding import may_do
from referrals.council.forms import people_of
from referrals.council.minutes import READY, decisions_beside
from referrals.council.workflow import MEETING, OPEN, SHOWING, TYPED, MeetingStatus, is_keeper
from referrals.models import AgendaGrant, AgendaItem, CouncilDecision, CouncilMeeting, Referral
from referrals.states import FINISHED, Ground

PAST, LATELY = 30, timedelta(days=1)


def lists_of(user):
    """Return the meetings that the user sees: those to come, and the latest of those that were."""
    seen = CouncilMeeting.objects.visible_to(user).select_related("council__convened_by")
    coming = list(seen.open().order_by("starts_at", "id"))
    return {"coming": coming, "past": list(seen.exclude(status__in=OPEN)[:PAST])}


def meeting_of(meeting, user, now, *, edited=None):
    """Return what the working screen of one meeting shows; `edited`: the id of a decision that is being changed.

    The number of queries does not depend on how many households are on the agenda.
    """
    keeper = is_keeper(meeting, user)
    rows = _items(meeting, user)
    ids = {row.household_id for row in rows}
    opens = _opened(ids, user)
    members = list(members_at(meeting).order_by("agency__kind", "agency__name_ko", "id"))
    context = {
        "meeting": meeting,
        "council": meeting.council,
        "keeper": keeper,
        "typing": keeper and meeting.status in TYPED,
        "shown": meeting.status in SHOWING and meeting.open_until > now,
        "ended": meeting.open_until <= now,
        "steps": MEETING.open_to(meeting, user),
        "members": _attendance(meeting, members),
        "brings": meeting.status in OPEN and can(user, May.REFER) and meetings_for(user).filter(pk=meeting.pk).exists(),
        "papers": meeting.status in READY,
        "edited": edited,
    }
    links = _links(rows, user)
    context["answers"] = set(ours(user).filter(household__in=ids).values_list("household", flat=True))
    context["guarded"] = guarded(ids)
    context["items"] = [
        _item(place, row, user, now, opens, members, links, context) for place, row in enumerate(rows, start=1)
    ]
    return context


def _items(meeting, user):
    grants = Prefetch("grants", AgendaGrant.objects.in_force().select_related("agency", "user"), to_attr="running")
    rows = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    beside = rows.select_related("household", "from_agency", "proposed_by", "withdrawn_by", "looked_by")
    return list(
        beside.prefetch_related(grants, decisions_beside()).order_by(F("withdrawn_at").asc(nulls_first=True), "id")
    )


def _opened(ids, user):
    seen = Household.objects.visible_to(user).filter(pk__in=ids)
    return set(seen.order_by().values_list("pk", flat=True))


def _links(rows, user):
    """Return the ids of the referrals that came of decisions and that the user may open."""
    ids = [one.referral_id for row in rows for one in row.decisions.all() if one.referral_id]
    seen = Referral.objects.visible_to(user).filter(pk__in=ids)
    return set(seen.order_by().values_list("pk", flat=True)) if ids else set()


def _attendance(meeting, members):
    rows = {row.member_id: row for row in meeting.attendances.order_by("member")}
    return [{"member": member, "row": rows.get(member.pk)} for member in members]


def _item(place, row, user, now, opens, members, links, context):
    own = row.from_agency_id == user.agency_id
    reached = {grant.agency_id for grant in row.running} | {row.from_agency_id}
    told = context["shown"] and not row.withdrawn_at and (own or context["keeper"])
    fallen = row.withdrawn_at or context["meeting"].status == MeetingStatus.CANCELLED
    takes = own or row.household_id in context["answers"]
    risk = row.household_id in opens and can(user, May.SEE_CASELOAD)
    asks = row.ground == Ground.DANGER and row.looked_at is None and not row.withdrawn_at
    return {
        "place": place,
        "item": row,
        "opens": row.household_id in opens,
        "band": row.material.get("band", 0) if risk else 0,
        "reasons": [said.get(get_language() or "ko", "") for said in row.material.get("reasons", ())] if risk else [],
        "without": [member.agency for member in members if told and member.agency_id not in reached],
        "told": told,
        "district": "" if row.household_id in context["guarded"] else row.material.get("district", ""),
        "decisions": [
            decision_shown(one, user, now, links, opens=not fallen and row.household_id in opens, fallen=fallen)
            for one in row.decisions.all()
        ],
        "own": takes and can(user, May.REFER) and not row.withdrawn_at,
        "to_look_at": asks,
        "looks": asks and own and can(user, May.REVIEW) and row.proposed_by_id != user.pk,
        "types": context["typing"] and not row.withdrawn_at,
    }


def decision_shown(one, user, now, links=frozenset(), *, opens, fallen=False):
    """Return a decision and what became of it: words, "late" or "done" or "", and where it leads.

    `opens`: whether the user opens the household, without which nobody writes a referral; `fallen`: nothing is asked.
    """
    words, state = _became(one, seoul_day(now))
    return {
        "decision": one,
        "who": one.owner or one.owner_agency or "",
        "became": words,
        "state": state,
        "linked": one.referral_id in links,
        "mine": may_do(one, user) and not fallen and (opens or one.kind != CouncilDecision.Kind.REFERRAL),
        "fixed": bool(one.referral_id or one.done_at),
    }


def _became(one, on):
    late = one.due_on is not None and one.due_on < on
    if one.kind == CouncilDecision.Kind.TASK:
        if one.done_at:
            said = gettext("Done %(at)s by %(who)s")
            return said % {"at": daytime(one.done_at), "who": one.done_by}, "done"
        return (dayslate((on - one.due_on).days), "late") if late else (gettext("To be done"), "")
    if one.kind != CouncilDecision.Kind.REFERRAL:
        return "", ""
    if one.referral is None:
        return gettext("The referral is not written yet."), "late" if late else ""
    said = gettext("Referral %(number)s: %(status)s")
    state = "done" if one.referral.status in FINISHED else "late" if late and not one.referral.sent_at else ""
    return said % {"number": one.referral.number, "status": one.referral.get_status_display()}, state


def offered_at(meeting, members, *, now):
    """Return who can be asked to do something, and which agencies a referral can go to; two queries."""
    agencies = list({member.agency_id: member.agency for member in members}.values())
    alone = {member.agency_id: member.user_id for member in members if member.user_id}
    places = meeting.council.districts.order_by().values("pk")
    asked = list(suggest.working_in(places, on=seoul_day(now)))
    return {"agencies": agencies, "people": people_of(agencies), "alone": alone, "asked": asked}


def seatable(council, *, on):
    """Return the agencies that can become members: those that work in its districts, and the national ones."""
    here = suggest.working_in(council.districts.order_by().values("pk"), on=on)
    seated = council.members.on(on).order_by().values("agency")
    return list(Agency.objects.filter(pk__in=here.order_by().values("pk")).exclude(pk__in=seated))


def owed_by(user, now):
    """Return what meetings asked of the user: what is to be done, the nearest day first, and what the user did within
    a day, which can be taken back. Two queries."""
    did = Q(done_by=user.pk, done_at__gt=now - LATELY)
    owed = CouncilDecision.objects.owed_by(user).order_by().values("pk")
    rows = CouncilDecision.objects.visible_to(user).filter(did | Q(pk__in=owed))
    beside = ("item__meeting__council", "item__household", "owner", "owner_agency", "to_agency", "referral", "done_by")
    found = list(rows.select_related(*beside).order_by("done_at", "due_on", "id"))
    opens = _opened({row.item.household_id for row in found}, user) if found else set()
    return [decision_shown(row, user, now, opens=row.item.household_id in opens) for row in found]


def households_of(rows):
    """Return the ids of the households that rows of `owed_by` name."""
    return {row["decision"].item.household_id for row in rows}


def events_of(meeting):
    """Return what happened with a meeting, the newest first, in words."""
    return [{"event": event, "said": said(event.verb)} for event in Event.objects.about(meeting).order_by("-id")]


def said(verb):
    """Return an Event's verb in words."""
    return str(
        {
            "meeting planned": gettext("Meeting planned"),
            "meeting changed": gettext("Meeting changed"),
            "agenda sent": gettext("Agenda sent"),
            "meeting held": gettext("Meeting held"),
            "minutes closed": gettext("Minutes closed"),
            "meeting cancelled": gettext("Meeting cancelled"),
            "attendance": gettext("Attendance written"),
        }.get(verb, verb)
    )


def when_shown(meeting):
    """Say until when households are shown for a meeting."""
    return fullday(timezone.localtime(meeting.open_until - timedelta(microseconds=1)))
