"""Endings on the page of a case: its closings, and the deaths that are reviewed."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import fullday
from desks.case.section import Line, Section
from households.closings.workflow import ClosingStatus
from households.deaths.workflow import ReviewStatus
from households.members import called_on, unnamed
from households.models import Closing, DeathReview, Household


def endings(household: Household, user: User, now: datetime) -> Section:
    """Return the closings and the reviews of deaths of a household, the latest first; three to ten queries."""
    rows = list(Closing.objects.visible_to(user).filter(household=household).order_by("-id"))
    deaths = list(
        DeathReview.objects.visible_to(user).filter(household=household).select_related("person").order_by("-id")
    )
    lines = [_closing(row) for row in rows]
    dead, on = [row.person_id for row in deaths], seoul_day(now)
    names = {} if not deaths or unnamed({household.pk}) else called_on(dead, on)[0]
    lines += [_death(row, names.get(row.person_id, row.person.case_number)) for row in deaths]
    is_open = Closing.objects.open_at(user.agency_id).filter(household=household).exists()
    acts = [(_("Propose to close the case"), reverse("desks:closing_new", args=[household.number]))]
    return Section(
        title=_("Endings"),
        anchor="endings",
        lines=lines,
        empty=_("The case is open. Nobody has proposed to close it."),
        acts=acts if can(user, May.INTAKE) and not is_open else [],
    )


def _closing(row: Closing) -> Line:
    day = row.reopened_at or row.approved_at or row.answered_at or row.proposed_at
    state = {ClosingStatus.PROPOSED: "soon", ClosingStatus.APPROVED: "done"}.get(ClosingStatus(row.status), "")
    words = f"{row.get_status_display()} · {fullday(day)}"
    return Line(row.get_reason_display(), words, reverse("desks:closing", args=[row.number]), state)


def _death(review: DeathReview, name: str) -> Line:
    label = _("Death of %(name)s, %(day)s") % {"name": name, "day": fullday(review.died_on)}
    state = {ReviewStatus.DRAFT: "soon", ReviewStatus.FINISHED: "done"}.get(ReviewStatus(review.status), "")
    href = reverse("desks:death_review", args=[review.person.case_number])
    return Line(label, review.get_status_display(), href, state)
