"""What pages of the floor below cannot know: what stands beside a name in the contact form, and who is not named."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from households.models import Household
from risk.judge import in_force
from risk.models import Standing
from risk.sentences import sentence


def beside_the_name(household: Household, user: User, now: datetime) -> dict[str, Any]:
    """Return the words of `households.beside` from the standing the user may see; {} where there is none.

    The sentence is the list-safe one: the form is filled in in stairwells.
    """
    said: dict[str, Any] = {}
    if can(user, May.REFER):
        said["refer_url"] = reverse("referrals:new", args=[household.number])
    standing = Standing.objects.visible_to(user).filter(household=household).first()
    if standing is None:
        return said
    said |= {"band": standing.shown_band, "due_on": standing.contact_due_on, "daily": not standing.limit_days}
    # Without a contact on record the limit is the day of a plan and says nothing about the contact after the first.
    if standing.contact_on or not standing.limit_days:
        today = seoul_day(now)
        limit = standing.limit_days or in_force(today)[0].emergency_limit
        said["due_if_met"] = today + timedelta(days=limit)
    if standing.reason_rule:
        said["ask"] = sentence(
            standing.reason_rule, standing.reason_evidence, standing.reason_since, seoul_day(now), kind="list"
        )
    return said


def address_protected(households: Iterable[int]) -> set[int]:
    """Return those of `households` with a violence marker, in the words of `households.beside.guard`; one query."""
    marked = Standing.objects.filter(household__in=set(households), address_protected=True)
    return set(marked.order_by().values_list("household_id", flat=True))
