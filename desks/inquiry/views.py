"""Asking what was known of a household on a day: the question with its reason, the answer as a page and as a file."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.fresh import password_first
from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.templatetags.format import fullday
from desks.inquiry.found import Found, inquire, one_reading
from desks.inquiry.paper import printed
from desks.inquiry.sections import Section, checksum, sections_of
from desks.turns import in_turn
from households.models import Household

SESSION = "inquiries"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InquiryForm(forms.Form):
    """The day asked about and why; the reason is kept in the access log with every look."""

    on = forms.DateField(label=gettext_lazy("The day asked about"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("Reason for the inquiry"), max_length=200)

    def __init__(self, *args: Any, household: Household, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.today = seoul_day(household.known_at), today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This day has not come yet. Please choose today or an earlier day."))
        if on < self.first:
            words = _("This household is on record since %(day)s; nothing was known of it before.")
            raise forms.ValidationError(words % {"day": fullday(self.first)})
        return on


@never_cache
@require_http_methods(["GET", "POST"])
@in_turn
def inquiry(request: Request, number: str) -> HttpResponse:
    """POST: the question and its reason. GET with `?on=`: the answer, once a reason was given today; else the form."""
    household = _household_for(request, number)
    today = seoul_day(timezone.now())
    about = {"household": household, "today": today}
    if request.method == "POST":
        form = InquiryForm(request.POST, **about)
        if not form.is_valid():
            return _asking(request, household, form, status=422)
        request.session[SESSION] = {
            **_reasons(request, today),
            number: [today.isoformat(), form.cleaned_data["reason"]],
        }
        return redirect(f"{reverse('desks:inquiry', args=[number])}?on={form.cleaned_data['on'].isoformat()}")
    reason = _reason(request, number, today)
    if "on" not in request.GET:
        return _asking(request, household, InquiryForm(initial={"reason": reason}, **about))
    form = InquiryForm({"on": request.GET["on"], "reason": reason}, **about)
    if not form.is_valid():
        return _asking(request, household, form, status=422 if "on" in form.errors else 200)
    found, sections = _inquired(request, household, form.cleaned_data["on"], timezone.now())
    looked(request, Act.OPEN, **_whose(found), reason=reason, detail={"on": found.on.isoformat()})
    context = {**_shown(found), "sections": sections, "reason": reason, "sum": checksum(found, sections)}
    return render(request, "desks/inquiry/page.html", context)


@never_cache
@require_POST
@in_turn
@password_first("POST")
def paper(request: Request, number: str) -> HttpResponse:
    """The same answer as a PDF file: an export, logged with whose data it holds and the checksum that it bears."""
    household, now = _household_for(request, number), timezone.now()
    reason = _reason(request, number, seoul_day(now))
    form = InquiryForm({"on": request.POST.get("on"), "reason": reason}, household=household, today=seoul_day(now))
    if not form.is_valid():
        return redirect("desks:inquiry", number)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect(f"{reverse('desks:inquiry', args=[number])}?on={form.cleaned_data['on'].isoformat()}")
    found, sections = _inquired(request, household, form.cleaned_data["on"], now)
    digest = checksum(found, sections)
    content = printed(found, sections, by=request.user, reason=reason, digest=digest)
    looked(request, Act.EXPORT, **_whose(found), reason=reason, detail={"on": found.on.isoformat(), "checksum": digest})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="inquiry-{number}-{found.on.isoformat()}.pdf"'
    return response


def check_can_inquire(user: User, household: Household) -> None:
    """Raise PermissionDenied unless the user supervises or heads the centre that keeps the file."""
    if not can(user, May.INQUIRE):
        raise PermissionDenied(_("An inquiry is made by the supervisor or the head of the centre."))
    if not Household.objects.kept_by(user).filter(pk=household.pk).exists():
        raise PermissionDenied(_("An inquiry is made by the centre that keeps the file."))


def _household_for(request: Request, number: str) -> Household:
    household: Household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_inquire(request.user, household)
    return household


def _reasons(request: Request, today: date) -> dict[str, list[str]]:
    """Return the reasons given today, by household: of another day they hold no more."""
    kept = request.session.get(SESSION, {})
    return {number: pair for number, pair in kept.items() if pair[0] == today.isoformat()}


def _reason(request: Request, number: str, today: date) -> str:
    return _reasons(request, today).get(number, ["", ""])[1]


def _inquired(request: Request, household: Household, on: date, now: datetime) -> tuple[Found, list[Section]]:
    """Return what is found and how it is told, all from one reading; that somebody looked is written after it."""
    with one_reading():
        found = inquire(request.user, household, on, now)
        return found, sections_of(found)


def _whose(found: Found) -> dict[str, Any]:
    return {"subjects": found.file.subjects, "households": [found.household.pk]}


def _shown(found: Found) -> dict[str, Any]:
    return {"household": found.household, "on": found.on, "file": found.file, "found": found}


def _asking(request: Request, household: Household, form: InquiryForm, status: int = 200) -> HttpResponse:
    return render(request, "desks/inquiry/ask.html", {"household": household, "form": form}, status=status)
