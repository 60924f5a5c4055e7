"""Data requests as pages show them: the list of a centre with its clocks, and one request with its steps."""

from datetime import timedelta

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext

from casework.audit.models import Event
from casework.clock import Holiday, seoul_day
from casework.templatetags.format import daysleft, fullday
from households.members import marked_among, names_on
from households.models import DataRequest, Restriction, Share
from households.models.circle import TODAY
from households.models.data_request import Scope
from households.requests import clocks, correcting
from households.requests.answering import to_correct
from households.requests.taking import SHOWS, harm_stands, is_counsellor, shows_marked
from households.requests.workflow import DATA, OPEN, UNDECIDED, DataStatus, is_handler

S = DataStatus
GIVEN_FOR = timedelta(days=30)
"""So long after the answer was told the file can be made once more: our own criterion."""
PAST = timedelta(days=180)
"""So long what is settled stays on the list: our own criterion."""
STEPS = {step.recorded_as: step.label for step in DATA.steps.values()}


def lists_of(user, on):
    """Return {"rows", "past"}: requests on which somebody has to act, the nearest day first, and what was settled
    lately or still restricts something; five queries whatever their number."""
    stands = Restriction.objects.current().filter(request=OuterRef("pk"), during__contains=TODAY)
    anybody = Restriction.objects.current().during(TODAY).people()
    by_number = Case(When(person__in=anybody, then=True), default=False, output_field=BooleanField())
    seen = DataRequest.objects.visible_to(user).dated().select_related("person", "agency")
    seen = seen.annotate(restricts=Exists(stands.order_by()), by_number=by_number)
    wanted = Q(status__in=OPEN) | Q(restricts=True) | Q(received_on__gt=on - PAST)
    found = list(seen.filter(wanted).order_by("until", "id"))
    names = _names(found, on)
    holidays = Holiday.objects.days()
    rows = [row_of(one, names[one.pk], on, holidays) for one in found]
    open_ = [row for row in rows if row["clock"]]
    return {"rows": open_, "past": [row for row in reversed(rows) if not row["clock"]]}


def _names(found, on):
    """Return {request id: how its person is called in lists}: by number where marked or restricted."""
    people = {one.person_id for one in found}
    names, marked = names_on(people, on), marked_among(people)
    return {
        one.pk: one.person.case_number
        if one.by_number or one.person_id in marked
        else names.get(one.person_id, one.person.case_number)
        for one in found
    }


def row_of(one, name, on, holidays):
    """Return one line of a list: the request, how its person is called, its clock (None once it is settled)."""
    clock = clocks.clock_of(one.until, on, holidays) if one.status in OPEN else None
    return {
        "request": one,
        "name": name,
        "clock": clock,
        "left": daysleft(clock.left) if clock else "",
        "restricts": getattr(one, "restricts", False),
    }


def page_of(request, user, now):
    """Return what the page of a request shows to a user who sees it; `request` is `dated`."""
    on = seoul_day(now)
    handles = is_handler(request, user)
    marked = shows_marked(request)
    clock = clocks.clock_of(request.until, on, Holiday.objects.days()) if request.status in OPEN else None
    entries = correcting.entries_of(request.person_id, everything=True) if request.fact or to_correct(request) else []
    meant = next((entry for entry in entries if entry.fact_id == request.fact), None)
    home = correcting.home_of(request.person, user, on)
    return {
        "data": request,
        "on": on,
        "name": names_on([request.person_id], on).get(request.person_id, request.person.case_number),
        "clock": clock,
        "left": daysleft(clock.left) if clock else "",
        "article": clocks.article_of(request.kind),
        "days_said": clocks.days_said(request.kind),
        "steps": steps_of(request),
        "buttons": _buttons(request, user),
        "handles": handles,
        "marked": marked,
        "weigh": marked and handles and not harm_stands(request) and request.status in OPEN,
        "by_hand": request.kind in SHOWS and request.outcome == "partly" and handles,
        "notes": request.kind == "see" and request.status in UNDECIDED and is_counsellor(request, user),
        "meant": meant,
        "form_href": correcting.form_of(meant, request.person, home),
        "household": home,
        "to_do": to_correct(request) and request.status == S.ANSWERED and handles,
        "done": [entry for entry in entries if entry.fact_id in request.done_facts],
        "restriction": restriction_of(request),
        "shares": _shares(request, home) if handles else 0,
        "scopes": [Scope(one).label for one in request.scopes],
        "gives_record": request.kind == "see" and may_give(request, on) and handles,
        "gives_reasons": request.kind == "explain" and may_give(request, on) and handles,
        "statement": getattr(request, "statement", None),
        "events": events_of(request),
    }


def may_give(request, on):
    """Tell whether the file may be made on a day: granted as a whole, until some weeks after that was told, and danger
    weighed where a marker stands. What is granted in part is put together by hand: the file would hold all of it."""
    if request.status not in (S.ANSWERED, S.TOLD) or request.outcome != "granted":
        return False
    if request.told_on and on > request.told_on + GIVEN_FOR:
        return False
    return harm_stands(request)


def restriction_of(request):
    """Return the Restriction that follows from a request and stands today, or None."""
    return Restriction.objects.current().filter(request=request, during__contains=TODAY).order_by("-id").first()


def _shares(request, home):
    """Return how many shares of the household still run although sharing is stopped: they end by their days, or sooner
    where somebody ends them."""
    if home is None or "sharing" not in request.scopes or request.status not in (S.ANSWERED, S.TOLD):
        return 0
    return Share.objects.in_force().filter(household=home).count()


def _buttons(request, user):
    """The steps open to the user; a refusal is written with the form of the answer, access alone is put off, once."""
    found = [step for step in DATA.open_to(request, user) if step.verb != "propose"]
    if not clocks.may_be_put_off(request.kind) or request.extended_until:
        found = [step for step in found if step.verb != "extend"]
    return found


ORDER = (S.RECEIVED, S.CHECKED, S.PROPOSED, S.ANSWERED, S.TOLD)


def steps_of(request):
    """Return the steps as drawn: [{"label", "said", "state"}], done, now or to come."""
    place = ORDER.index(request.status) if request.status in ORDER else -1
    rows = [
        (0, gettext("Taken down"), fullday(request.received_on)),
        (1, gettext("Identity seen"), fullday(request.checked_on)),
        (3, gettext("Answered"), f"{fullday(request.answered_on)} {request.get_outcome_display()}".strip()),
        (4, gettext("Told"), fullday(request.told_on)),
    ]
    if request.outcome in ("partly", "refused"):
        rows.insert(2, (2, gettext("Refusal written"), str(request.answered_by or "")))
    shown = []
    for reached, label, said in rows:
        done = place >= reached
        now = not done and place >= 0 and not any(row["state"] == "now" for row in shown)
        shown.append({"label": label, "said": said if done else "", "state": "done" if done else "now" if now else ""})
    return shown


def events_of(request):
    """Return the Events of a request, the newest first, each with `said`: its verb in words."""
    own = {
        "data request taken down": gettext("Request taken down"),
        "danger weighed": gettext("Decided that it endangers nobody"),
        "counselling notes decided": gettext("Decided about counselling notes"),
        "correction carried out": gettext("Correction carried out"),
        "restriction begun": gettext("Restriction begun"),
        "restriction lifted": gettext("Restriction lifted"),
        "record printed": gettext("Record printed"),
        "reasons read": gettext("Reasons put into words"),
    }
    rows = list(Event.objects.about(request))
    for row in rows:
        row.said = own.get(row.verb) or str(STEPS.get(row.verb, row.verb)).partition(" · ")[0]
    return rows
