"""Whose data may not be used for something: asked by lists, surveys, files, shares, referrals and the rules.

A restriction (처리정지, 개인정보 보호법 제37조) stops what it names and nothing else; what goes on all the same
is said in docs/adr/0026.
"""

from django.utils.translation import gettext as _

from casework.templatetags.format import fullday
from households.models import Membership, Restriction
from households.models.circle import TODAY
from households.models.data_request import Scope


def restricted(scope, *, on=TODAY):
    """Return the restrictions that stop something (a Scope) on a day, as a queryset without an order."""
    return Restriction.objects.current().during(on).stops(scope).order_by()


def stopped_people(scope=""):
    """Return the text of the same question for a statement of one's own: the array of the ids of everybody whose data
    may not be used for something (a Scope, or anything at all) today, as `Restriction.people` says. It is asked once a
    statement, and of the tables themselves: rights are today's, whatever day covers them (risk.past)."""
    stops = f" AND '{Scope(scope).value}' = ANY(stopped.scopes)" if scope else ""
    return _STOPPED.format(stops=f"stopped.superseded_at IS NULL AND stopped.during @> CURRENT_DATE{stops}")


_STOPPED = """ARRAY(
    SELECT stopped.person_id FROM public.households_restriction stopped WHERE {stops}
    UNION ALL
    SELECT CASE link.person_id WHEN stopped.person_id THEN link.duplicate_id ELSE link.person_id END
    FROM public.households_restriction stopped
    JOIN public.households_personlink link
        ON link.status = 'linked' AND stopped.person_id IN (link.person_id, link.duplicate_id)
    WHERE {stops}
)"""


def homes_of_restricted(scope, *, on=TODAY):
    """Return the keys of the households in which somebody lives whose restriction stops something on a day."""
    living = Membership.objects.current().during(on).filter(kind="living")
    return living.filter(person__in=restricted(scope, on=on).people()).order_by().values("household")


def why_not_shared(household, *, on=TODAY):
    """Return why a household (an id) may not be shared with others on a day, or ""."""
    living = Membership.objects.current().during(on).filter(kind="living", household=household)
    return why_not_told(living.order_by().values("person"), on=on)


def why_not_told(people, *, on=TODAY):
    """Return why the data of one of `people` (ids) may not be told to others on a day, or ""; whether urgent danger
    (제18조제2항제3호) carries it all the same is for the caller to ask first."""
    found = restricted(Scope.SHARING, on=on).reaching(people).select_related("request").first()
    if found is None:
        return ""
    return _(
        "Since %(day)s the person has had sharing with other agencies stopped (%(number)s). It is shared only where "
        "life, body or property is in urgent danger, or once the restriction is lifted."
    ) % {"day": fullday(found.during.lower), "number": found.request.number}
