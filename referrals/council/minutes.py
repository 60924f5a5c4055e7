"""The minutes of a meeting at one of three levels: with names, masked, or counts alone."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.clock import seoul_day
from casework.templatetags.format import fullday, fulltime
from households.members import members_on, unnamed
from households.models import Household
from referrals.council.counts import suppressed
from referrals.council.workflow import MeetingStatus
from referrals.models import AgendaItem, CouncilDecision

READY = (MeetingStatus.HELD, MeetingStatus.MINUTED)


class Level(models.TextChoices):
    """How much stands in the minutes."""

    FULL = "full", _("Full: names of heads of household where you may open the household; attending agencies only")
    MASKED = "masked", _("Masked: household numbers and masked names")
    PUBLIC = "public", _("Public: counts only, fewer than 5 not told")


@dataclass(frozen=True)
class Minutes:
    """The minutes as blocks of lines: [(heading, [line, …])]; `households` and `subjects`: whose data stands there."""

    title: str
    blocks: list
    households: list = field(default_factory=list)
    subjects: list = field(default_factory=list)


def minutes_of(meeting, user, level, *, now):
    """Return the Minutes of a meeting that the user sees; of households, those that the user sees on its agenda."""
    blocks = [(gettext("Meeting"), _about(meeting, level)), (gettext("Attendance"), _attendance(meeting, level))]
    title = gettext("Minutes: %(council)s") % {"council": meeting.council.name}
    if level == Level.PUBLIC:
        return Minutes(title, [*blocks, *_counted(meeting)])
    items = AgendaItem.objects.visible_to(user).standing().filter(meeting=meeting)
    rows = list(items.select_related("household", "from_agency").prefetch_related(decisions_beside()).order_by("id"))
    names, subjects = _names([row.household_id for row in rows], user, level, seoul_day(now))
    blocks += [(_heading(place, row, names), _lines(row, level)) for place, row in enumerate(rows, start=1)]
    return Minutes(title, blocks, [row.household_id for row in rows], subjects)


def may_have_names(meeting, user):
    """Tell whether the user's agency convened the meeting or was ticked as present: names are for those alone."""
    there = meeting.attendances.filter(present=True, member__agency=user.agency_id)
    return meeting.council.convened_by_id == user.agency_id or there.exists()


def decisions_beside():
    """Return the decisions of items with what a line about each names."""
    rows = CouncilDecision.objects.select_related("owner_agency", "owner", "to_agency", "referral", "done_by")
    return models.Prefetch("decisions", rows.order_by("id"))


def _about(meeting, level):
    lines = [
        gettext("Number: %(number)s") % {"number": meeting.number},
        gettext("Begins: %(at)s") % {"at": fulltime(meeting.starts_at)},
        gettext("Place: %(place)s") % {"place": meeting.place},
    ]
    if level != Level.PUBLIC:
        lines.append(gettext("Chair: %(chair)s") % {"chair": meeting.chair})
    return [*lines, gettext("State: %(status)s") % {"status": meeting.get_status_display()}]


def _attendance(meeting, level):
    rows = meeting.attendances.filter(present=True).select_related("member__agency", "member__user").order_by("member")
    if level == Level.PUBLIC:
        return [str(row.member.agency) for row in rows] or [gettext("Nobody is ticked as present.")]
    said = [" · ".join(filter(None, [str(row.member), row.who])) for row in rows]
    return said or [gettext("Nobody is ticked as present.")]


def _names(households, user, level, on):
    """Name the heads of the households whose page the user may open; one of `members.unnamed` is called by its
    number."""
    seen = Household.objects.visible_to(user).filter(pk__in=households).order_by().values_list("pk", flat=True)
    opened = set(seen) - unnamed(households)
    heads = {pk: members[0] for pk, members in members_on(opened, on).items() if members} if opened else {}
    names = {pk: head.name if level == Level.FULL else masked(head.name) for pk, head in heads.items()}
    return names, sorted(head.pk for head in heads.values())


def masked(name):
    """Return a name with its first letter only: 정○○."""
    return name[:1] + "○" * max(1, len(name) - 1)


def _heading(place, row, names):
    return " · ".join(filter(None, [f"{place}. {row.household.number}", names.get(row.household_id)]))


def _lines(row, level):
    lines = [gettext("Need: %(need)s") % {"need": row.get_need_display()}]
    lines.append(gettext("Brought by: %(agency)s") % {"agency": row.from_agency})
    if level == Level.FULL:
        lines.append(gettext("Reason: %(reason)s") % {"reason": row.reason})
    lines.append(gettext("Ground for sharing: %(ground)s") % {"ground": row.get_ground_display()})
    decisions = [_decision(one) for one in row.decisions.all()]
    return lines + (decisions or [gettext("Nothing was decided.")])


def _decision(one):
    who = one.owner or one.owner_agency
    parts = [f"{one.get_kind_display()}: {one.what}", one.why, str(who) if who else ""]
    if one.to_agency:
        parts.append(gettext("asked of %(agency)s") % {"agency": one.to_agency})
    if one.due_on:
        parts.append(gettext("until %(day)s") % {"day": fullday(one.due_on)})
    return "– " + " · ".join(filter(None, parts))


def _counted(meeting):
    items = list(meeting.items.standing().order_by("id"))
    kinds = CouncilDecision.objects.filter(item__in=items).order_by("id")
    needs = Counter(item.get_need_display() for item in items)
    decided = Counter(str(CouncilDecision.Kind(kind).label) for kind in kinds.values_list("kind", flat=True))
    return [
        (gettext("Households on the agenda, by need"), _column(needs)),
        (gettext("Decisions, by what follows"), _column(decided)),
    ]


def _column(counts):
    total, cells = suppressed(counts)
    return [gettext("Total: %(n)s") % {"n": total}, *(f"{name}: {said}" for name, said in cells.items())]
