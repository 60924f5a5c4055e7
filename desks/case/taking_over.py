"""Taking over: the handover from Hanawon, the first steps after the move, and the education of each person."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import fullday
from desks.case.section import Line, Section
from households.courses.missing import GONE
from households.handover.periods import FIRST_YEAR, education_due
from households.handover.shown import steps_of
from households.models import CourseRecord, Handover, Household, Particulars, Residence
from households.views.found import members_of


def taking_over(household: Household, user: User, now: datetime) -> Section:
    """Return the section: ten queries of its own, whatever the number of people."""
    on = seoul_day(now)
    lines = [line for one in _handovers(household, user) for line in _of_handover(one, on)]
    lines += _education(household, user, on)
    acts = []
    if can(user, May.SEE_CASELOAD):
        acts.append((_("Declare a conflict of interest"), reverse("households:conflict_new", args=[household.number])))
    empty = _("Nothing is on record of a handover or of education.")
    return Section(_("Taking over"), "taking-over", lines, empty=empty, acts=acts)


def _handovers(household: Household, user: User) -> list[Handover]:
    return list(Handover.objects.visible_to(user).filter(household=household).order_by("-moved_on", "-id"))


def _of_handover(handover: Handover, on: date) -> list[Line]:
    href = reverse("households:handover", args=[handover.number])
    moved = _("moved in on %(day)s") % {"day": fullday(handover.moved_on)}
    lines = [Line(_("Handover from Hanawon"), moved, href, "done")]
    for row in steps_of(handover, on):
        words = _("done on %(day)s") if row["done_on"] else _("due by %(day)s")
        words %= {"day": fullday(row["done_on"] or row["due"])}
        lines.append(Line(str(row["label"]), words, f"{href}#first", row["state"]))
    return lines


def _education(household: Household, user: User, on: date) -> list[Line]:
    """One line for each member: the latest initial education, or by when it is due in the first year."""
    members = members_of(household)
    people = [member.pk for member in members]
    moved = dict(
        Particulars.objects.current().filter(person__in=people, is_defector=True).values_list("person", "moved_in_on")
    )
    gone = Residence.objects.current().filter(person__in=people, during__contains=on, status__in=GONE)
    away = set(gone.values_list("person", flat=True))
    records = CourseRecord.objects.current().visible_to(user).filter(person__in=people)
    rows = list(records.order_by("begins_on", "id"))
    latest = {row.person_id: row for row in rows}
    initial = {
        row.person_id: row
        for row in rows
        if (row.kind, row.result) == (CourseRecord.Kind.INITIAL, CourseRecord.Result.COMPLETED)
    }
    lines = []
    for member in members:
        if member.pk in away:
            continue
        shown = initial.get(member.pk) or latest.get(member.pk)
        words, state = _said(shown, moved.get(member.pk), member.pk in initial, on)
        href = reverse("households:person_courses", args=[member.person.case_number])
        lines.append(Line(_("Education of %(name)s") % {"name": member.name}, words, href, state))
    return lines


def _said(record: Any, moved_in: date | None, done: bool, on: date) -> tuple[str, str]:
    said = f"{record} · {record.get_result_display()}" if record else ""
    if done:
        return said, "done"
    if moved_in is None or not on - FIRST_YEAR < moved_in <= on:
        return said or _("no record here"), ""
    due = education_due(moved_in)
    words = _("initial education due by %(day)s") % {"day": fullday(due)}
    return f"{said} · {words}" if said else words, "late" if due < on else ""
