"""Case conferences on the page of a case: the next one, the last one, what was decided and is not done."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import daytime, fullday
from desks.case.section import Line, Section
from households.conferences import following
from households.conferences.workflow import TOOK_PLACE, ConferenceStatus
from households.models import ConferenceDecision, ConferenceItem, Household


def conferences_section(household: Household, user: User, now: datetime) -> Section | None:
    """Return the section; two queries."""
    on = seoul_day(now)
    items = list(
        ConferenceItem.objects.visible_to(user)
        .filter(household=household)
        .standing()
        .exclude(conference__status=ConferenceStatus.CANCELLED)
        .select_related("conference")
        .order_by("conference__starts_at", "id")
    )
    open_still = ConferenceDecision.objects.standing().filter(item__in=items, done_on=None)
    asked = open_still.filter(kind__in=ConferenceDecision.ASKS).select_related("item__conference", "owner")
    decisions = list(asked.order_by("due_on", "id"))
    over = following.ended(decisions)
    lines: list[Line] = [_line(item) for item in [*_last(items), *_coming(items)]]
    lines += [_decided(one, household, on) for one in decisions if one.led_to not in over]
    acts = []
    if can(user, May.RECORD_CONTACT):
        acts = [
            (_("Bring before a case conference"), f"{reverse('desks:conference_bring')}?household={household.number}")
        ]
    empty = _("This household was not talked about yet.")
    return Section(_("Case conferences"), "conferences", lines, empty, acts)


def _last(items: list[ConferenceItem]) -> list[ConferenceItem]:
    return [item for item in items if item.conference.status in TOOK_PLACE][-1:]


def _coming(items: list[ConferenceItem]) -> list[ConferenceItem]:
    return [item for item in items if item.conference.status not in TOOK_PLACE]


def _line(item: ConferenceItem) -> Line:
    label = _("Case conference %(at)s") % {"at": daytime(item.conference.starts_at)}
    href = reverse("desks:conference", args=[item.conference.number])
    return Line(label, str(item.conference.get_status_display()), href)


def _decided(one: ConferenceDecision, household: Household, on) -> Line:
    words = [one.owner.name if one.owner else "", fullday(one.due_on)]
    href = f"{reverse('desks:conference', args=[one.item.conference.number])}#{household.number}"
    state = "late" if one.due_on is not None and one.due_on < on else ""
    return Line(one.what, " · ".join(filter(None, words)), href, state)
