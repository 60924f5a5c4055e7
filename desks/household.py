"""The household page: what to do next, why the household stands where it stands, and everything that happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import AsOf, seoul_day
from casework.context import url_or_nothing
from desks.duty import duty_for, met_words
from desks.file import File, file_of
from desks.filters import Filters
from desks.protection import protection_of
from desks.ranking import holidays, neighbours_of
from desks.reasons import reasons_of
from desks.rows import gap_of, reviewed
from desks.timeline import KINDS, timeline_of
from desks.told import told
from households.ladder import ladder
from households.models import Household
from households.views.deeds import DEEDS
from referrals import clocks
from referrals.models import Referral
from referrals.states import FINISHED
from risk.bands import Band
from risk.explained import explain
from risk.rules import RULES

OF_WORK = ("assign", "unassign", "share")


@require_safe
def household(request: Request, number: str) -> HttpResponse:
    """One household, for those who may see it; looking is logged with whose data was shown."""
    found = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    now, risk = timezone.now(), can(request.user, May.SEE_CASELOAD)
    on, kind = seoul_day(now), "latin" if get_language() == "en" else "hangul"
    file = file_of(found, on=on, viewer=request.user.pk)
    looked(request, Act.OPEN, subjects=file.subjects, households=[found.pk])
    quiet = quiet_of(found, now=now) if risk and request.GET.get("part") == "quiet" else None
    if quiet is not None and request.htmx:
        return render(request, "desks/household/quiet.html", {"quiet": quiet})
    referrals = referrals_of(found, request.user, now)
    context = {
        "file": file,
        "household": found,
        "risk": risk,
        "quiet": quiet,
        "on": on,
        "title": file.title(kind),
        "members": members_shown(file, on, kind),
        "worker": file.main["name"] if file.main else "",
        "referrals": [row for row in referrals if row["open"]],
        "protection": protection_of(file, on=on, kind=kind),
        "acts": acts_for(request.user, file),
        **(standing_shown(file, now, kind) if risk else {}),
        **way_back(request, found, now, risk),
        **history_shown(request, file, tuple(row["id"] for row in referrals), on, risk),
    }
    return render(request, "desks/household.html", context)


def quiet_of(found: Household, *, now: datetime) -> list[dict[str, Any]]:
    """Return the criteria that do not apply, what is not known first; computed now, for whoever asks to see them."""
    quiet = explain(found, AsOf.live(now))["quiet"]
    rows = [{**row, "name": RULES[row["rule"]].name} for row in quiet]
    return sorted(rows, key=lambda row: not row["unknown"])


def referrals_of(found: Household, user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the referrals of the household that the user may see, with clock and turn where they are open."""
    rows = (
        Referral.objects.visible_to(user).filter(household=found).with_turn(user).select_related("to_agency", "sender")
    )
    days = holidays(seoul_day(now))
    return [
        {
            "id": row.pk,
            "open": row.status not in FINISHED,
            "referral": row,
            "due": clocks.due(row, now, days) if row.status not in FINISHED else None,
        }
        for row in rows.order_by("sent_at", "id")
    ]


def members_shown(file: File, on: date, kind: str) -> list[dict[str, Any]]:
    """Return the members as the page names them, the head first."""
    return [
        {
            "member": member,
            "name": member.name(kind),
            "about": " · ".join(filter(None, [member.role_label, member.sex_label, _age(member.age(on))])),
            "tags": _tags(member, on),
        }
        for member in file.members
    ]


def _age(years: int | None) -> str:
    return "" if years is None else _("aged %(n)s") % {"n": years}


def _tags(member: Any, on: date) -> list[str]:
    term = _("defector") if get_language() == "en" else settings.CASEWORK_TERM
    tags = [term if member.is_defector else _("not a %(term)s") % {"term": term}] if member.about else []
    if member.period and on in member.period:
        tags.append(_("under protection"))
    if member.wish and member.wish["wants_no_contact"]:
        tags.append(_("does not want contact"))
    if member.wish and member.wish["woman_worker"]:
        tags.append(_("woman worker"))
    return tags + ([member.status_label] if member.status_label else [])


def standing_shown(file: File, now: datetime, kind: str) -> dict[str, Any]:
    """Return how the household stands: band, duty, reasons, contact steps; for those who look after households."""
    on, standing = seoul_day(now), file.standing
    high = bool(standing and standing["shown_band"] >= Band.HIGH)
    steps = ladder(
        file.attempts, now=now, short_since=standing["band_since"] if standing and high else None, holidays=holidays(on)
    )
    reasons = reasons_of(file, on=on, kind=kind)
    return {
        "standing": standing,
        "review": reviewed({**(standing or {}), **_last_review(file), "awaiting": awaits_review(file, on)}, on),
        "duty": duty_for(file, steps, now=now),
        "gap": gap_of(standing, on) if standing else None,
        "met": met_words(file, kind=kind),
        "whom": next(
            (member.name(kind) for member in file.members if standing and member.id == standing["contact_person"]), ""
        ),
        "reasons": reasons,
        "quiet_count": len(RULES) - len({reason.rule for reason in reasons}),
        "steps": steps if file.attempts else None,
        "high": high,
    }


def awaits_review(file: File, on: date) -> bool:
    """Say for one household what `awaiting_review` says for many."""
    standing = file.standing
    if not standing or not standing["review_due_on"]:
        return False
    decided = any(review["recorded_at"] >= standing["band_since"] for review in file.reviews)
    return standing["review_due_on"] <= on or not decided


def _last_review(file: File) -> dict[str, Any]:
    last = file.reviews[0] if file.reviews else {}
    return {
        "decision": last.get("decision"),
        "review_band": last.get("band"),
        "review_from": last.get("machine_band"),
        "decided_on": last.get("decided_on"),
        "waits": bool(last) and not last["endorsed"],
    }


@dataclass(frozen=True)
class Button:
    """A button: its address, words, icon and key."""

    href: str
    label: str
    icon: str = ""
    key: str = ""


def acts_for(user: User, file: File) -> dict[str, Any]:
    """Return the buttons that this user has here: three with keys, and the verbs of the register under "more"."""
    number = file.household.number
    own = bool(file.centre and file.centre["id"] == user.agency_id)
    wanted = [
        (May.RECORD_CONTACT, "households:contact", _("Log a visit"), "note", "V"),
        (May.REFER, "referrals:new", _("Send a referral"), "send", "E"),
        (May.REVIEW, "risk:review", _("Review"), "flag", "R"),
    ]
    keys = [
        Button(href, label, icon, key)
        for word, name, label, icon, key in wanted
        if own and can(user, word) and (href := url_or_nothing(name, number))
    ]
    verbs = [verb for verb in DEEDS if own and can(user, May.ASSIGN if verb in OF_WORK else May.INTAKE)]
    return {
        "keys": keys,
        "more": [Button(url_or_nothing(f"households:{verb}", number), str(DEEDS[verb].title)) for verb in verbs],
    }


def way_back(request: Request, found: Household, now: datetime, risk: bool) -> dict[str, Any]:
    """Return the way back to the list that the user came from, with the neighbours on it."""
    if not risk:
        return {"back": url_or_nothing("referrals:inbox"), "neighbours": None, "list_query": ""}
    listed = request.GET.get("list")
    back = url_or_nothing("desks:list")
    if listed is None:
        return {"back": back, "neighbours": None, "list_query": ""}
    filters = Filters.of(QueryDict(listed), request.user)
    return {
        "back": f"{back}?{filters.query()}",
        "neighbours": neighbours_of(request.user, found, filters, now=now),
        "list_query": urlencode({"list": filters.query()}),
    }


def history_shown(request: Request, file: File, referrals: tuple[int, ...], on: date, risk: bool) -> dict[str, Any]:
    """Return one page of the timeline and the chips that narrow it."""
    show = request.GET.get("show", "")
    show = show if show in KINDS else ""
    before = _month(request.GET.get("before", ""))
    timeline = timeline_of(
        file.household, request.user, on=on, show=show, before=before, risk=risk, referrals=referrals
    )
    labels = {
        "": pgettext("timeline", "All"),
        "contacts": _("Contacts and visits"),
        "signals": _("Signals and reviews"),
        "referrals": pgettext("timeline", "Referrals"),
        "register": _("Register and protection"),
        "looks": _("Looks"),
    }
    hidden = () if risk else ("contacts", "signals")
    listed = {"list": request.GET["list"]} if "list" in request.GET else {}
    return {
        "timeline": timeline,
        "told": told(timeline, file.household.number, protected=file.protected),
        "before": before,
        "show": show,
        "chips": [
            {
                "label": label,
                "query": urlencode({**({"show": word} if word else {}), **listed}),
                "current": word == show,
            }
            for word, label in labels.items()
            if word not in hidden
        ],
        "older": urlencode({**({"show": show} if show else {}), **listed, "before": f"{timeline.oldest:%Y-%m}"})
        if timeline.older and timeline.oldest
        else "",
    }


def _month(text: str) -> date | None:
    """Return the first day of `YYYY-MM`; nothing for "", 404 for nonsense."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error
