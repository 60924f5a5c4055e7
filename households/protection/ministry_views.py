"""The Ministry's written notices: who is to be told, the letters, how they went out, what became of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from households.actions.refusal import Refused
from households.members import register_names_on
from households.models import EndNotice, Membership, Person, ProtectionPeriod, Responsibility
from households.protection import letters
from households.protection.bar import DAY
from households.protection.forms import RECEIVED, RETURNED, WAITING, OutcomeForm, SentForm
from households.protection.notices import record_outcome, record_sent
from households.protection.rights import check_can_decide
from households.protection.standing import alert_of, endings_of
from households.protection.views import pdf
from households.views.found import sent

ROWS = 50
CHOICES = {
    "": gettext_lazy("Everybody"),
    "late": gettext_lazy("No notice on record"),
    "returned": gettext_lazy("Came back"),
    "sent": gettext_lazy("Sent, not known whether it arrived"),
}


@require_safe
def end_notices(request):
    """Whose protection ends, by name, case number, period and centre; the longest overdue notice first."""
    return _page(request, None)


@require_POST
def notices_sent(request):
    """Keep that letters to the chosen people went out; the numbers of registered mail stand beside their names."""
    check_can_decide(request.user)
    day = seoul_day(timezone.now())
    form = SentForm(sent(request), day=day)
    chosen = _chosen(request, day)
    if not chosen:
        form.add_error(None, _("Choose whom the letters went to.")) if form.is_valid() else None
    if form.is_valid() and chosen and _sent(request, form, chosen, day):
        return redirect("households:end_notices")
    return _page(request, form)


@require_POST
@password_first("POST")
def notice_letters(request):
    """Return the letters to the chosen people as one PDF file; who took it away is logged."""
    check_can_decide(request.user)
    now = timezone.now()
    kind, chosen = request.POST.get("kind", letters.NOTICE), _chosen(request, seoul_day(now))
    if kind not in letters.KINDS:
        raise Http404
    if not chosen or not fonts_installed():
        sentence = _("The font for PDF files is not installed; please ask the administrator.")
        messages.error(request, sentence if chosen else _("Choose whom the letters are for."))
        return redirect("households:end_notices")
    if ended := [one.number for one in chosen if one.last < seoul_day(now)]:
        messages.error(request, letters.over(ended))
        return redirect("households:end_notices")
    names, _guarded = register_names_on([one.person_id for one in chosen], seoul_day(now))
    addressees = [
        letters.Addressee(names.get(one.person_id, one.number), one.number, one.last, one.centre or "", one.phone or "")
        for one in chosen
    ]
    content = letters.printed(addressees, kind, by=request.user, now=now)
    looked(request, Act.EXPORT, subjects=[one.person_id for one in chosen], detail={"letter": kind})
    return pdf(content, f"letters-{seoul_day(now).isoformat()}.pdf")


@require_http_methods(["GET", "POST"])
def notice_outcome(request, fact_id):
    """Keep what became of one letter."""
    check_can_decide(request.user)
    day = seoul_day(timezone.now())
    kept = EndNotice.objects.current().kept_by(request.user, on=day).select_related("person")
    notice = get_object_or_404(kept, fact_id=fact_id)
    form = OutcomeForm(sent(request), day=day, initial=_known(notice))
    if request.method == "POST" and form.is_valid() and _outcome(request, notice, form):
        return redirect("households:end_notices")
    looked(request, Act.OPEN, subjects=[notice.person_id])
    names, _guarded = register_names_on([notice.person_id], day)
    context = {"form": form, "notice": notice, "name": names.get(notice.person_id, notice.person.case_number)}
    return render(request, "households/protection/outcome.html", context, status=422 if form.is_bound else 200)


def ends_of(user, on):
    """Return the periods whose people the officer tells, each with `last`, `number`, `centre`, `phone`; one query."""
    home = Membership.objects.current().filter(person=OuterRef(OuterRef("person")), during__contains=on, kind="living")
    duty = Responsibility.objects.current().filter(household__in=home.values("household"), during__contains=on)
    rows = (
        ProtectionPeriod.objects.to_be_told_by(user, on=on)
        .select_related("person")
        .annotate(centre=Subquery(duty.values("center__name_ko")[:1]), phone=Subquery(duty.values("center__phone")[:1]))
    )
    found = list(rows.order_by("during__endswith", "id"))
    for row in found:
        row.last, row.number = row.during.upper - DAY, row.person.case_number
    return found


def with_endings(rows, on):
    """Give each row its Ending, in two queries; the longest without a notice comes first, then the next to end."""
    for row, ending in zip(rows, endings_of([(row.person_id, row.last) for row in rows], on=on), strict=True):
        row.ending = ending
    return sorted(rows, key=lambda row: (-row.ending.notice_days_late, row.last, row.pk))


def named(request, rows, on, detail):
    """Give the rows the names that the Ministry reads, and log whose they are; three queries."""
    names, guarded = register_names_on([row.person_id for row in rows], on)
    for row in rows:
        row.name = names.get(row.person_id, row.person.case_number)
        row.guarded = row.person_id in guarded
    looked(request, Act.LIST, subjects=[row.person_id for row in rows], detail=detail)
    return rows


def _page(request, form):
    check_can_decide(request.user)
    day = seoul_day(timezone.now())
    rows = with_endings(ends_of(request.user, day), day)
    only = request.GET.get("show", "")
    only = only if only in CHOICES else ""
    shown = [row for row in rows if _shows(row, only)]
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    chosen, given = request.POST.getlist("who"), request.POST
    mail = _mail_of(request.user, day, rows)
    listed, beside = list(page.object_list), mail[:ROWS]
    named(request, [*listed, *beside], day, {"show": only, "page": page.number})
    for row in listed:
        row.chosen, row.proof = row.number in chosen, given.get(f"proof_{row.number}", "")
    context = {
        "rows": listed,
        "page": page,
        "mail": beside,
        "mail_count": len(mail),
        "form": form or SentForm(day=day, initial={"sent_on": day}),
        "chips": [
            {"code": code, "label": label, "count": sum(_shows(row, code) for row in rows)}
            for code, label in CHOICES.items()
        ],
        "show": only,
        "query": urlencode({"show": only}) if only else "",
        "alert": alert_of(rows),
        "count": len(rows),
        "on": day,
    }
    return render(request, "households/protection/notices.html", context, status=422 if form else 200)


def _mail_of(user, day, rows):
    """Return the letters whose outcome the officer still enters though their people stand on the list no more (the
    period ended, was extended, or another), the latest first; one query."""
    listed = {(row.person_id, row.last) for row in rows}
    notices = EndNotice.objects.current().open_to(user, on=day).select_related("person").order_by("-sent_on", "-id")
    return [one for one in notices if (one.person_id, one.last_day) not in listed]


def _shows(row, only):
    state = row.ending.notice_state
    return {
        "": True,
        "late": row.ending.notice_days_late > 0,
        "returned": state == "returned",
        "sent": state == "sent",
    }[only]


def _chosen(request, day):
    numbers = set(request.POST.getlist("who"))
    return [row for row in ends_of(request.user, day) if row.number in numbers] if numbers else []


def _sent(request, form, chosen, day):
    people = Person.objects.in_bulk([row.person_id for row in chosen])
    sheet = [(people[row.person_id], row.last, request.POST.get(f"proof_{row.number}", "")[:40]) for row in chosen]
    data = form.cleaned_data
    try:
        made = record_sent(sheet, way=data["way"], sent_on=data["sent_on"], by=request.user, on=day)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("On record as sent: %(n)s.") % {"n": len(made)})
    return made


def _outcome(request, notice, form):
    notice.pk = form.cleaned_data["version"]
    try:
        made = record_outcome(notice, by=request.user, **form.said())
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("The record is saved."))
    return made


def _known(notice):
    outcome = {"delivered": RECEIVED, "returned": RETURNED}.get(notice.state, WAITING)
    on = notice.delivered_on or notice.returned_on
    known = {} if outcome == WAITING else {"outcome": outcome, "on": on}
    return {**known, "why": notice.returned_why, "version": notice.pk}
