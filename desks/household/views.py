"""The household page: what to do next, why the household stands where it stands, and everything that happened."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.agencies.session import POLL
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import AsOf, seoul_day
from casework.context import url_or_nothing
from casework.touched import is_waiting
from desks.asof import WORDS, Asked, band_of, in_time
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import neighbours_of, work_calendar
from desks.atrisk.rows import gap_of, reviewed
from desks.duplicates.linked import linked_of, seen_of
from desks.household.buttons import NO_ACTS, acts_for
from desks.household.duty import duty_for, first_year_of, met_words
from desks.household.file import File, file_of, file_seen
from desks.household.moved import moved_shown
from desks.household.protection import protection_of
from desks.household.reasons import reasons_of
from desks.household.stands import stated_shown
from desks.rights import Rights, rights_of
from desks.steps import ladder_of, proposal_of
from desks.timeline.history import history_shown
from households.models import Closing, Household
from households.preferences import language_words
from referrals import clocks
from referrals.models import Referral
from referrals.states import FINISHED
from risk.bands import Band
from risk.closings.heard import closed_at
from risk.explained import explain
from risk.judge import in_force
from risk.models import Campaign
from risk.past import as_it_was, flags_as_shown
from risk.rules import is_known


@require_safe
@in_time
def household(request: Request, number: str, asked: Asked | None) -> HttpResponse:
    """One household, for those who may see it; looking is logged with whose data was shown. `asked`: on a past day.

    While what was just recorded waits for its sweep, the page says so and asks again until it is in.
    """
    risk = can(request.user, May.SEE_CASELOAD)
    seen = Household.objects.visible_to(request.user).filter(number=number)
    if request.htmx and POLL in request.headers and is_waiting(get_object_or_404(seen)):
        return HttpResponse(status=204)
    if asked:
        rights = rights_of(request.user, get_object_or_404(seen))
        with as_it_was(asked.as_of, households=[rights.household]):
            shown = page_of(request, number, risk, asked, rights)
    else:
        shown = page_of(request, number, risk)
    found = shown["household"]
    detail = dict(asked.pairs) if asked else {}
    subjects = [*shown["file"].subjects, *seen_of(shown["linked"])]
    looked(request, Act.OPEN, subjects=subjects, households=[found.pk], detail=detail)
    as_of = asked.as_of if asked else AsOf.live(timezone.now())
    quiet = quiet_of(found, as_of) if risk and request.GET.get("part") == "quiet" else None
    if quiet is not None and request.htmx:
        return render(request, "desks/household/quiet.html", {"quiet": quiet})
    band = band_of(asked, request, timezone.now(), list=request.GET.get("list", ""))
    return render(request, "desks/household.html", {**shown, **band, "quiet": quiet})


def page_of(
    request: Request, number: str, risk: bool, asked: Asked | None = None, rights: Rights | None = None
) -> dict[str, Any]:
    """Return what the page shows of the household of a number that the user may see, or raise Http404.

    Of a past day it is read within `as_it_was`, by the `rights` that were asked for before.
    """
    now = asked.then if asked else timezone.now()
    on, kind = seoul_day(now), "latin" if get_language() == "en" else "hangul"
    file = _file_or_404(request.user, number, rights, on)
    found = file.household
    referrals = referrals_of(file.referrals, request.user, now)
    context = {
        "file": file,
        "household": found,
        "risk": risk,
        "waiting": risk and file.waiting and not asked,
        "on": on,
        "title": file.title(kind),
        "members": members_shown(file, on, kind),
        "worker": file.main["name"] if file.main else "",
        "referrals": [row for row in referrals if row["open"]],
        "protection": protection_of(file, on=on, kind=kind),
        "acts": NO_ACTS if asked else acts_for(request.user, file),
        "linked": linked_of(file.subjects, request.user, on=on) if file.linked and not asked else (),
        "links_open": can(request.user, May.INTAKE),
        "surveys": surveys_for(request.user, file),
        **stated_shown(file, request.user, kind),
        **({"may_state": False} if asked else moved_shown(file.centre, request.user, now)),
        "closing": closing_of(found, now) if file.closed and not asked else None,
        **(standing_shown(file, now, kind) if risk else {}),
        **way_back(request, found, now, risk),
    }
    if asked:
        flags_as_shown(asked.as_of)
    return context | history_shown(request, file, tuple(row["id"] for row in referrals), on, risk, rights)


def _file_or_404(user: User, number: str, rights: Rights | None, on: date) -> File:
    if rights:
        file = file_of(rights.seen, on=on, viewer=user.pk, keeps=rights.keeps, referrals=rights.referrals)
    else:
        file = file_seen(user, number, on=on)
    if file is None:
        raise Http404
    return file


def quiet_of(found: Household, as_of: AsOf) -> list[dict[str, Any]]:
    """Return the criteria that do not apply, what is not known first; computed now, for whoever asks to see them."""
    quiet = explain(found, as_of)["quiet"]
    names = {standing.rule.code: standing.rule.name for standing in in_force(as_of.on)[1]}
    rows = [{**row, "name": names[row["rule"]]} for row in quiet]
    return sorted(rows, key=lambda row: not row["unknown"])


def closing_of(found: Household, now: datetime) -> Closing | None:
    """Return the closing by which the case is closed at `now`."""
    return closed_at(now).filter(household=found).select_related("asks_later").first()


def referrals_of(read: tuple[int, ...], user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the referrals of these keys, which the user was found to read, with clock and turn where they are open."""
    if not read:
        return []
    rows = Referral.objects.filter(pk__in=read).with_turn(user).with_clocks(now).select_related("to_agency", "sender")
    calendar = work_calendar(now)
    return [
        {
            "id": row.pk,
            "open": row.status not in FINISHED,
            "referral": row,
            "due": clocks.due(row, now, calendar) if row.status not in FINISHED else None,
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
    if member.wish and (spoken := language_words(member.wish)):
        tags.append(spoken)
    return tags + ([member.status_label] if member.status_label else [])


def standing_shown(file: File, now: datetime, kind: str) -> dict[str, Any]:
    """Return how the household stands: band, duty, reasons, contact steps; for those who look after households."""
    on, standing = seoul_day(now), file.standing
    high = bool(standing and standing["shown_band"] >= Band.HIGH)
    steps = ladder_of(file.stands, now) if standing else None
    reasons = reasons_of(file, on=on, kind=kind)
    return {
        "standing": standing,
        "review": reviewed({**(standing or {}), **_last_review(file), "awaiting": awaits_review(file, on)}, on),
        "duty": duty_for(file, now=now),
        "gap": gap_of(standing, on) if standing else None,
        "met": met_words(file, kind=kind),
        "whom": next(
            (member.name(kind) for member in file.members if standing and member.id == standing["contact_person"]), ""
        ),
        "reasons": reasons,
        "quiet_count": len({code for code in file.rules if is_known(code)} - {reason.rule for reason in reasons}),
        "steps": steps if file.attempts else None,
        "proposal": proposal_of(steps) if steps else "",
        "high": high,
        "first_year": first_year_of(file, on) if standing else None,
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


def surveys_for(user: User, file: File) -> Any:
    """Return the surveys in which those who keep the file are still to ask the household, in the order of last days."""
    own = bool(file.centre and file.centre["id"] == user.agency_id)
    if not file.surveys or not own or not can(user, May.RECORD_CONTACT):
        return ()
    return Campaign.objects.filter(pk__in=file.surveys).order_by("reply_by", "id")


def way_back(request: Request, found: Household, now: datetime, risk: bool) -> dict[str, Any]:
    """Return the way back to the list that the user came from, with the neighbours on it."""
    if not risk:
        return {"back": url_or_nothing("referrals:inbox"), "neighbours": None, "list_query": ""}
    listed = request.GET.get("list")
    back = url_or_nothing("desks:list")
    if listed is None:
        return {"back": back, "neighbours": None, "list_query": ""}
    filters = Filters.of(QueryDict(listed), request.user)
    if filters.moment or any(word in request.GET for word in WORDS):
        return {"back": f"{back}?{filters.query()}", "neighbours": None, "list_query": ""}
    return {
        "back": f"{back}?{filters.query()}",
        "neighbours": neighbours_of(request.user, found, filters, now=now),
        "list_query": urlencode({"list": filters.query()}),
    }
