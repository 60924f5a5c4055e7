"""The section of a case: records of its people that are linked to a second one."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from desks.case.section import Line, Section
from desks.duplicates.linked import links_of
from households.duplicates.shown import Record, paired, records_of
from households.duplicates.workflow import OPEN, LinkStatus
from households.models import Household, Membership


def linked(household: Household, user: User, now: datetime) -> Section | None:
    """Return the links of those who live there, waiting or standing; None where there are none."""
    on = seoul_day(now)
    living = Membership.objects.current().filter(household=household, during__contains=on).order_by()
    people = set(living.values_list("person", flat=True))
    links = links_of(people, user, OPEN)
    if not links or not can(user, May.INTAKE):
        return None
    records = records_of({pk for link in links for pk in link.records}, user, on)
    lines = []
    for link in links:
        names = " ← ".join(
            _called(one, at_home=one.pk in people) for one in paired(*(records[pk] for pk in link.records))
        )
        waits = link.status == LinkStatus.PROPOSED
        href = reverse("households:duplicate_link", args=[link.pk])
        lines.append(Line(names, str(link.get_status_display()), href, "soon" if waits else "done"))
    acts = [(_("Same person on file twice"), reverse("households:duplicates"))]
    return Section(_("Linked records"), "linked", lines, acts=acts)


def _called(record: Record, *, at_home: bool) -> str:
    """Return the name of somebody of the household, and the number of the record that is linked to it."""
    if not record.seen:
        return _("another record")
    return record.title if at_home else record.case_number
