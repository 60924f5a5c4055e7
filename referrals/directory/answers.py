"""How long agencies take to answer, from our own referrals: the median of 365 days, shown from 5 answers on."""

from datetime import timedelta

from django.db import models
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Referral

YEAR = timedelta(days=365)
ENOUGH = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Median(Aggregate):
    """The middle value; of an even number the mean of the two in the middle."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()


def medians(agencies, *, now):
    """Return {(agency id, need): timedelta from sending to acceptance or refusal}, one query.

    Of the referrals that `agencies` (ids) answered within the 365 days before `now`; groups of fewer than 5 are left
    out, so that no single answer can be read off.
    """
    took = ExpressionWrapper(F("answered_at") - F("sent_at"), output_field=DurationField())
    answered = Referral.objects.filter(to_agency__in=agencies, answered_at__gt=now - YEAR, answered_at__lte=now)
    rows = answered.order_by().values("to_agency", "need").annotate(n=Count("pk"), middle=Median(took))
    return {(row["to_agency"], row["need"]): row["middle"] for row in rows.filter(n__gte=ENOUGH)}


def with_answers(services, *, now):
    """Return the services as a list, each with `answers`: how long its agency takes, in words; one query."""
    services = list(services)
    found = medians({service.agency_id for service in services}, now=now) if services else {}
    for service in services:
        service.answers = spoken(found.get((service.agency_id, service.need)))
    return services


def spoken(took):
    """Return a duration as people say it, in hours up to two days, then in days; None is said to be too few."""
    if took is None:
        return _("too few answers to say")
    if took < 2 * DAY:
        n = max(1, round(took / HOUR))
        return ngettext("about %(n)s hour", "about %(n)s hours", n) % {"n": n}
    n = round(took / DAY)
    return ngettext("about %(n)s day", "about %(n)s days", n) % {"n": n}
