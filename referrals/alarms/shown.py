"""Alarms as pages show them: by number, agencies and need, never by name; the link only for who sees the record."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import gettext

from casework.templatetags.format import daytime
from referrals.clocks import distance
from referrals.models import AgendaItem, Alarm, Concern, Referral, Transfer
from referrals.models.alarm import LABELS

PAGE = 30
AT_A_GLANCE = 5
BESIDE = (
    "referral__from_agency",
    "referral__to_agency",
    "item__meeting",
    "item__from_agency",
    "transfer__from_agency",
    "transfer__to_agency",
    "concern__centre",
)
MODELS: dict[str, Any] = {"referral": Referral, "item": AgendaItem, "transfer": Transfer, "concern": Concern}


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
    seen = visible_among(alarms, user)
    return [
        _said(alarm)
        | {
            "alarm": alarm,
            "number": alarm.number,
            "late": distance(alarm.ran_out_at, now),
            "href": _href(alarm) if _key(alarm) in seen else "",
            "household": alarm.about.household_id if _key(alarm) in seen else None,
            "needed": still is None or alarm.pk in still,
        }
        for alarm in alarms
    ]


def _said(alarm):
    """Return what stands beside the number of an alarm: its need, where there is one, and the agencies."""
    about = alarm.about
    need = about.get_need_display() if alarm.referral_id or alarm.item_id else ""
    ours = about.centre if alarm.concern_id else about.from_agency
    return {"need": need, "from": ours, "to": getattr(about, "to_agency", None)}


def _href(alarm):
    """Return the page on which the step is taken."""
    if alarm.item_id:
        return reverse("referrals:meeting", args=[alarm.number])
    name = next(column for column in MODELS if getattr(alarm, f"{column}_id"))
    return reverse("referrals:detail" if name == "referral" else f"referrals:{name}", args=[alarm.number])


def _key(alarm):
    return next((column, pk) for column in MODELS if (pk := getattr(alarm, f"{column}_id")))


def visible_among(alarms, user):
    """Return, as (column of the alarm, id), which of the records that these alarms are about the user may open; one
    query."""
    asked = {}
    for column, pk in map(_key, alarms):
        asked.setdefault(column, set()).add(pk)
    parts = [_seen(column, ids, user) for column, ids in asked.items()]
    return set(parts[0].union(*parts[1:], all=True)) if parts else set()


def _seen(column, ids, user):
    rows = MODELS[column].objects.visible_to(user).filter(pk__in=ids).order_by()
    return rows.annotate(column=Value(column, output_field=CharField())).values_list("column", "pk")


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
