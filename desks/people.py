"""Users and agencies for the system administrator: who holds which role, since when and why. No case is here."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.granting import give_role, revoke_role
from casework.agencies.models import Agency, RoleGrant, User
from casework.agencies.models.user import SYSTEM
from casework.agencies.roles import CHOICES, ROLES, May, can, holders
from casework.clock import day_ends, seoul_day
from casework.context import url_or_nothing

ROWS = 50


class GrantForm(forms.Form):
    """A role to give: which, why, and up to which day."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=CHOICES)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)

    def clean_until(self) -> Any:
        """Refuse a last day that is over."""
        day = self.cleaned_data["until"]
        if day and day < seoul_day(timezone.now()):
            raise forms.ValidationError(_("The last day is over already."))
        return day


@require_safe
def people(request) -> HttpResponse:
    """Every user with the roles in force, by name; narrowed by a name, a log-in name or an agency."""
    check_keeps_users(request.user)
    asked = request.GET.get("q", "").strip()[:60]
    page = Paginator(_users(asked), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "users": [_user(user) for user in page.object_list],
        "asked": asked,
        "query": urlencode({"q": asked}) if asked else "",
        "count": page.paginator.count,
        "kinds": _kinds(),
        "leaderless": leaderless(),
        "admin_url": url_or_nothing("admin:index") if request.user.is_staff else "",
    }
    return render(request, "desks/people.html", context)


def leaderless() -> list[Agency]:
    """Return the centres where people look after households and nobody may review or assign, by name; one query."""
    staff = User.objects.filter(agency=OuterRef("pk"), is_active=True)
    carried, led = staff.filter(holders(May.SEE_CASELOAD)), staff.filter(holders(May.ASSIGN))
    return list(Agency.objects.centres().filter(Exists(carried), ~Exists(led)).order_by("name_ko"))


@require_safe
def one_user(request, pk: int) -> HttpResponse:
    """One user: the roles in force and in the past, and the form that gives another."""
    check_keeps_users(request.user)
    found = get_object_or_404(_known(), pk=pk)
    return _page(request, found, GrantForm())


@require_POST
def give(request, pk: int) -> HttpResponse:
    """Give a role, with the reason."""
    check_keeps_users(request.user)
    found = get_object_or_404(_known(), pk=pk)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    role, until = form.cleaned_data["role"], form.cleaned_data["until"]
    given = give_role(
        found,
        role,
        by=request.user,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
        until=day_ends(until) if until else None,
    )
    words = {"name": found, "role": ROLES[role].label}
    if given:
        messages.success(request, _("%(name)s now holds the role: %(role)s.") % words)
    else:
        messages.warning(request, _("%(name)s holds this role already: %(role)s.") % words)
    return redirect("desks:user", pk)


@require_POST
def revoke(request, pk: int, grant_id: int) -> HttpResponse:
    """Take a role back, with the reason; it stops with the next page that the user opens."""
    check_keeps_users(request.user)
    grant = get_object_or_404(RoleGrant.objects.select_related("user"), pk=grant_id, user=pk)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.warning(request, _("Please write why the role is taken back."))
    elif revoke_role(grant, by=request.user, reason=reason, now=timezone.now()):
        messages.success(request, _("The role was taken back: %(role)s.") % {"role": ROLES[grant.role].label})
    return redirect("desks:user", pk)


def check_keeps_users(user: User) -> None:
    """Raise PermissionDenied unless the user administers."""
    if not can(user, May.ADMINISTER):
        raise PermissionDenied(_("Users and roles are kept by the system administrator."))


def _known() -> Any:
    return User.objects.exclude(username=SYSTEM).select_related("agency")


def _users(asked: str) -> Any:
    rows = _known()
    if asked:
        place = Q(agency__name_ko__icontains=asked) | Q(agency__name_en__icontains=asked)
        rows = rows.filter(Q(name__icontains=asked) | Q(username__icontains=asked) | place)
    held = RoleGrant.objects.in_force().order_by("id")
    return rows.prefetch_related(Prefetch("grants", queryset=held, to_attr="held")).order_by("name", "id")


def _user(user: Any) -> dict[str, Any]:
    return {"user": user, "roles": [ROLES[grant.role].label for grant in user.held]}


def _kinds() -> list[dict[str, Any]]:
    rows = Agency.objects.order_by("kind").values("kind").annotate(n=Count("pk"))
    labels = dict(Agency._meta.get_field("kind").flatchoices)
    return [{"label": labels[row["kind"]], "n": row["n"]} for row in rows]


def _page(request, found: User, form: GrantForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    grants = RoleGrant.objects.filter(user=found).select_related("granted_by", "revoked_by").order_by("-id")
    rows = [
        {
            "grant": grant,
            "label": ROLES[grant.role].label,
            "explanation": ROLES[grant.role].explanation,
            "running": not grant.during.isempty and (grant.during.upper is None or grant.during.upper > now),
        }
        for grant in grants
    ]
    context = {"found": found, "rows": rows, "form": form, "own": found.pk == request.user.pk}
    return render(request, "desks/people/user.html", context, status=status)
