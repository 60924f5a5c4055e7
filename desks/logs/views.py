"""The access log for the privacy auditor: who looked at what, when and why; no content of any case (design §6)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.models import Agency, User
from casework.agencies.roles import May, can
from casework.audit.models import AccessLog, Act
from casework.audit.record import looked
from casework.clock import day_begins, day_ends, seoul_day
from casework.numbers import PERSON_GROUPS, format_number, is_number, plain
from casework.templatetags.format import fulltime
from desks.downloads import ReasonForm, csv_file
from desks.logs.pagenames import page_name
from households.models import Person

ROWS = 50
MOST = 50_000
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogFilter(forms.Form):
    """What the log is narrowed to. Without days it shows today."""

    who = forms.CharField(label=gettext_lazy("Who (name or log-in name)"), max_length=60, required=False)
    act = forms.ChoiceField(
        label=gettext_lazy("What was done"), choices=[("", gettext_lazy("Everything")), *Act.choices], required=False
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    until = forms.DateField(label=gettext_lazy("Up to and including"), required=False, widget=DAY)
    case = forms.CharField(label=gettext_lazy("Whose data (case number)"), max_length=14, required=False)

    def clean_case(self) -> Person | None:
        """Turn a case number into the person; only the number is ever read."""
        text = self.cleaned_data["case"].strip()
        if not text:
            return None
        number = format_number(plain(text), PERSON_GROUPS) if is_number(text, PERSON_GROUPS) else ""
        person = Person.objects.filter(case_number=number).only("pk", "case_number").first()
        if person is None:
            raise forms.ValidationError(_("No such case number. The last character is a check digit."))
        return person

    def entries(self, today: Any) -> QuerySet[AccessLog]:
        """Return the rows asked for, the newest first."""
        asked = self.cleaned_data
        rows = AccessLog.objects.order_by("-at", "-id")
        if asked["case"]:
            rows = rows.affecting(asked["case"].pk)
        if not asked["case"] or asked["since"] or asked["until"]:
            rows = rows.filter(at__gte=day_begins(asked["since"] or asked["until"] or today))
        if asked["until"]:
            rows = rows.filter(at__lt=day_ends(asked["until"]))
        if asked["act"]:
            rows = rows.filter(act=asked["act"])
        if asked["who"]:
            known = User.objects.filter(Q(name__icontains=asked["who"]) | Q(username__iexact=asked["who"]))
            rows = rows.filter(actor_id__in=known.order_by().values("pk"))
        return rows


@require_safe
def logs(request) -> HttpResponse:
    """The log, narrowed by the address; a person's data looked at is shown as a count."""
    check_sees_logs(request.user)
    form = LogFilter(request.GET)
    valid = form.is_valid()
    rows = form.entries(seoul_day(timezone.now())) if valid else AccessLog.objects.none()
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    person = form.cleaned_data["case"] if valid else None
    looked(request, Act.LIST, subjects=[person.pk] if person else [], detail={"log": True})
    context = {
        "form": form,
        "page": page,
        "rows": _rows(entries),
        "count": page.paginator.count,
        "person": person,
        "query": _query(request),
        "reason": ReasonForm(),
    }
    return render(request, "desks/logs.html", context)


@require_safe
def affected(request, entry_id: int) -> HttpResponse:
    """Whose data one look showed: case numbers and nothing else."""
    check_sees_logs(request.user)
    entry = get_object_or_404(AccessLog, pk=entry_id)
    numbers = Person.objects.filter(pk__in=entry.subjects).order_by("case_number").values_list("case_number", flat=True)
    looked(request, Act.LIST, subjects=entry.subjects, detail={"log": entry.pk})
    return render(request, "desks/affected.html", {"row": _rows([entry])[0], "numbers": list(numbers)})


@require_POST
@password_first("POST")
def download(request) -> HttpResponse:
    """The rows asked for as a file, at most MOST; the reason is kept."""
    check_sees_logs(request.user)
    form, narrowed = ReasonForm(request.POST), LogFilter(request.GET)
    if not (form.is_valid() and narrowed.is_valid()):
        return render(request, "desks/reason.html", {"form": form, "back": "desks:logs"}, status=422)
    rows = _rows(list(narrowed.entries(seoul_day(timezone.now()))[:MOST]))
    person = narrowed.cleaned_data["case"]
    looked(
        request,
        Act.EXPORT,
        subjects=[person.pk] if person else [],
        reason=form.cleaned_data["reason"],
        detail={"rows": len(rows)},
    )
    header = [
        _("When"),
        _("Who"),
        _("Agency"),
        _("What was done"),
        _("Page"),
        _("People shown"),
        _("Reason"),
        _("Address"),
    ]
    lines = (
        [fulltime(r["at"]), r["who"], r["agency"], r["act"], r["view"], r["people"], r["reason"], r["ip"]] for r in rows
    )
    return csv_file("access-log.csv", header, lines)


def check_sees_logs(user: User) -> None:
    """Raise PermissionDenied unless the user audits."""
    if not can(user, May.SEE_LOGS):
        raise PermissionDenied(_("The access log is for the privacy auditor."))


def _rows(entries: list[AccessLog]) -> list[dict[str, Any]]:
    """Return the rows in words. What was searched for is content and stays out; so does a name tried at log-in that is
    nobody's, for people type passwords there."""
    agencies = Agency.objects.in_bulk({entry.agency_id for entry in entries if entry.agency_id})
    tried = {entry.detail.get("tried", "") for entry in entries if entry.act == Act.LOGIN_FAILED}
    known = set(User.objects.filter(username__in=tried).values_list("username", flat=True)) if tried else set()
    return [_row(entry, agencies, known) for entry in entries]


def _row(entry: AccessLog, agencies: dict[int, Agency], known: set[str]) -> dict[str, Any]:
    tried = entry.detail.get("tried", "") if entry.act == Act.LOGIN_FAILED else ""
    return {
        "id": entry.pk,
        "at": entry.at,
        "who": entry.actor_label or (tried if tried in known else _("nobody logged in")),
        "agency": str(agencies.get(entry.agency_id or 0, "")),
        "act": str(Act(entry.act).label) if entry.act in Act.values else entry.act,
        "view": page_name(entry.view),
        "people": len(entry.subjects),
        "reason": entry.reason,
        "ip": entry.ip or "",
    }


def _query(request) -> str:
    asked = {name: value for name, value in request.GET.items() if name in LogFilter.base_fields and value}
    return urlencode(asked)
