"""The section of a case about data requests and restrictions of its members."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import Holiday, seoul_day
from casework.templatetags.format import daysleft, fullday
from desks.case.section import Line, Section
from households.members import called_on
from households.models import DataRequest, Household, Membership, Person, Restriction
from households.requests.clocks import clock_of


def data_requests(household: Household, user: User, now: datetime) -> Section | None:
    """Open requests with their last day, and what is stopped, be it under a second record; four queries, and those for
    the names where the user may take requests down."""
    on = seoul_day(now)
    living = Membership.objects.current().during(on).filter(kind="living", household=household)
    people = list(living.order_by("id").values_list("person", flat=True))
    seen = DataRequest.objects.visible_to(user).open().filter(person__in=people)
    found = list(seen.order_by("due_on", "id"))
    stopped = Restriction.objects.current().during(on).reaching(people).annotate(number=F("request__number"))
    lines = [_stopped(one) for one in stopped.order_by("id")]
    if found:
        holidays = Holiday.objects.days()
        lines += [_open(one, on, holidays) for one in found]
    return Section(
        title=_("Their own data"),
        anchor="data-requests",
        lines=lines,
        empty=_("Nobody here has asked about their own data."),
        acts=_acts(people, on, user),
    )


def _open(one: DataRequest, on, holidays) -> Line:
    clock = clock_of(one.extended_until or one.due_on, on, holidays)
    words = f"{one.get_status_display()} · {fullday(clock.until)} · {daysleft(clock.left)}"
    return Line(str(one.get_kind_display()), words, _page(one.number), clock.state)


def _stopped(one: Restriction) -> Line:
    since = _("since %(day)s") % {"day": fullday(one.during.lower)}
    return Line(_("Use of data stopped"), since, _page(one.number), "soon")  # type: ignore[attr-defined]


def _page(number: str) -> str:
    return reverse("households:data_request", args=[number])


def _acts(people: list[int], on, user: User) -> list[tuple[str, str]]:
    if not can(user, May.RECORD_CONTACT):
        return []
    names, _hidden = called_on(people, on)
    rows = Person.objects.filter(pk__in=people).order_by("pk").values_list("pk", "case_number")
    said = _("Take a data request down: %(name)s")
    return [
        (said % {"name": names.get(pk, number)}, reverse("households:data_request_new", args=[number]))
        for pk, number in rows
    ]
