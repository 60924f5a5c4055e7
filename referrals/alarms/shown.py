"""Alarms as pages show them: by number, agencies and need, never by name; the link only for who sees the referral."""

from django.core.paginator import Paginator
from django.utils.translation import gettext

from casework.templatetags.format import daytime
from referrals.clocks import distance
from referrals.models import Alarm, Referral
from referrals.models.alarm import LABELS

PAGE = 30
AT_A_GLANCE = 5
BESIDE = ("referral__from_agency", "referral__to_agency")


def waiting_for(user, now):
    """Return what the user has not yet acknowledged, newest first: {count, rows} for a desk; at most three queries."""
    found = list(Alarm.objects.named(user).open().select_related(*BESIDE)[: AT_A_GLANCE + 1])
    count = len(found)
    if count > AT_A_GLANCE:
        count = Alarm.objects.named(user).open().count()
    return {"count": count, "rows": _rows(found[:AT_A_GLANCE], user, now)}


def page_of(user, *, box, number, now):
    """Return one page of the user's alarms, newest first. `box`: "open" (to acknowledge) or "all" (the ledger)."""
    mine = Alarm.objects.named(user)
    shown = mine if box == "all" else mine.open()
    page = Paginator(shown.select_related(*BESIDE), PAGE).get_page(number)
    still = set()
    if box == "all":
        still = set(mine.needed().filter(pk__in=[row.pk for row in page.object_list]).values_list("pk", flat=True))
    rows = _rows(page.object_list, user, now, still if box == "all" else None)
    return {"box": box, "page": page, "rows": rows, "count": page.paginator.count}


def _rows(alarms, user, now, still=None):
    """`still`: the alarms whose clock runs; None where all of them do."""
    seen = visible_among([alarm.referral_id for alarm in alarms], user)
    return [
        {
            "alarm": alarm,
            "number": alarm.referral.number,
            "need": alarm.referral.get_need_display(),
            "from": alarm.referral.from_agency,
            "to": alarm.referral.to_agency,
            "late": distance(alarm.ran_out_at, now),
            "linked": alarm.referral_id in seen,
            "needed": still is None or alarm.pk in still,
        }
        for alarm in alarms
    ]


def visible_among(referrals, user):
    """Return which of these referrals the user may open; one query."""
    if not referrals:
        return set()
    return set(Referral.objects.visible_to(user).filter(pk__in=referrals).order_by().values_list("pk", flat=True))


def raised(referral):
    """Return the alarms of a referral as rows of its history, one for each rung of a clock, newest first; one query."""
    rungs = {}
    for alarm in referral.alarms.select_related("to_user", "to_agency").order_by("-raised_at", "-rung", "id"):
        rungs.setdefault((alarm.raised_at, alarm.rung, alarm.station), []).append(alarm)
    return [_history_row(alarms) for alarms in rungs.values()]


def _history_row(alarms):
    first = alarms[0]
    title = gettext("Alarm, rung %(rung)s: %(who)s") % {"rung": first.rung, "who": first.get_rung_display()}
    return {
        "at": first.raised_at,
        "title": title,
        "icon": "clock",
        "tone": "" if first.skipped else "red",
        "who": gettext("%(station)s past its date") % {"station": LABELS[first.station]},
        "words": " · ".join(_answer(alarm) for alarm in alarms),
    }


def _answer(alarm):
    who = {"name": f"{alarm.to_user} ({alarm.to_agency})"}
    if alarm.acknowledged_at:
        said = gettext("%(name)s: seen %(at)s") % {**who, "at": daytime(alarm.acknowledged_at)}
        return f"{said} “{alarm.note}”" if alarm.note else said
    if alarm.skipped:
        return gettext("%(name)s: a higher rung was told at the same time") % who
    return gettext("%(name)s: not yet seen") % who
