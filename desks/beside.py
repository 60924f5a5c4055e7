"""What the contact form shows beside a name: band, the reason to ask about, the next date, where help is asked for."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from households.models import Household
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
    said |= {"band": standing.shown_band, "due_on": standing.contact_due_on}
    if standing.reason_rule:
        said["ask"] = sentence(
            standing.reason_rule, standing.reason_evidence, standing.reason_since, seoul_day(now), kind="list"
        )
    return said
