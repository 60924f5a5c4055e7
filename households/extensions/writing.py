"""Writing a request: for a person the user sees or keeps in the register, or one that arrived on paper; changing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.extensions import drafting, periods
from households.extensions.drafting import FIELDS, LOCAL
from households.extensions.forms import PaperForm, RequestForm
from households.extensions.found import check_decides, too_late, whole_or_404, whose
from households.extensions.workflow import RequestStatus, is_writer
from households.members import register_names_on
from households.models import Dwelling, ExtensionRequest, Membership, Particulars, Person, ProtectionPeriod
from households.views.found import sent


@require_http_methods(["GET", "POST"])
def extension_new(request, pk):
    """Write a request for one person: at the centre, or at the local government whose register has the person. By the
    person's key: the register of a district shows no case numbers. An open one is shown instead of a second form."""
    person, now = person_or_404(request, pk), timezone.now()
    drafting.check_may_write(request.user, person)
    if request.method == "GET" and (waits := open_of(request.user, person)):
        messages.info(request, _("This request is open already. A new one can be written once it is settled."))
        return redirect("households:extension", waits.number)
    on = seoul_day(now)
    kept_back = drafting.place_kept_back(person, on)
    offered = drafting.grounds_for(drafting.route_of(request.user), on)
    form = RequestForm(
        sent(request), grounds=offered, kept_back=kept_back, initial=_initial(request.user, person, on, kept_back)
    )
    if request.method == "POST" and form.is_valid() and (made := _written(request, person, form, now)):
        return redirect("households:extension", made.number)
    looked(request, Act.OPEN, subjects=[person.pk])
    return _render(request, form, person=person, period=periods.last_period(person), kept_back=kept_back)


@require_http_methods(["GET", "POST"])
def extension_on_paper(request):
    """Take down a request that arrived at the Ministry on paper: nobody is looked up, the form says who it is."""
    check_decides(request.user)
    now = timezone.now()
    offered = drafting.grounds_for(drafting.route_of(request.user), seoul_day(now))
    form = PaperForm(sent(request), grounds=offered, initial={"written_on": seoul_day(now), "kind": "extend"})
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data.pop("case_number")
        try:
            person = drafting.person_on_paper(request.user, number, form.cleaned_data["born_on"])
            if made := _written(request, person, form, now):
                return redirect("households:extension", made.number)
        except Refused as refused:
            # Who tries numbers leaves a trace, though nothing was shown.
            looked(request, Act.SEARCH, detail={"on_paper": number})
            refused.stand_on(form)
    return _render(request, form, person=None, period=None, kept_back=False)


@require_http_methods(["GET", "POST"])
def extension_edit(request, number):
    """Change the form of a request while it is being written."""
    found, now = whole_or_404(request, number), timezone.now()
    if not is_writer(found, request.user):
        raise PermissionDenied(whose("writer"))
    if found.status != RequestStatus.DRAFT:
        messages.warning(request, too_late(found))
        return redirect("households:extension", number)
    on = seoul_day(now)
    kept_back = drafting.place_kept_back(found.person, on)
    first = {name: getattr(found, name) for name in FIELDS}
    first["grounds"] = list(found.grounds.values_list("ground", flat=True))
    offered = drafting.grounds_for(found.route, on)
    form = RequestForm(sent(request), grounds=offered, kept_back=kept_back, editing=True, initial=first)
    if request.method == "POST" and form.is_valid() and _changed(request, found, form, now):
        return redirect("households:extension", number)
    looked(request, Act.OPEN, subjects=[found.person_id], detail={"request": found.number})
    return _render(request, form, person=found.person, period=None, kept_back=kept_back, found=found)


def open_of(user, person):
    """Return the request about a person that is still open, where the user sees it; else nothing."""
    return ExtensionRequest.objects.visible_to(user).open().filter(person=person).order_by("id").first()


def person_or_404(request, pk):
    """Return the person whom the user sees, or has in the register of the district; 404 for a stranger."""
    if request.user.agency is not None and request.user.agency.kind in LOCAL:
        rows = ProtectionPeriod.objects.in_register_of(request.user).filter(person=pk)
        if found := rows.select_related("person").order_by("id").first():
            return found.person
        if not Person.objects.visible_to(request.user).filter(pk=pk).exists():
            raise Http404
    return get_object_or_404(Person.objects.visible_to(request.user), pk=pk)


def _initial(user, person, on, kept_back):
    """What the register of the writer says already: of a local government not the date of birth."""
    names, _guarded = register_names_on([person.pk], on)
    own = drafting.route_of(user) == ExtensionRequest.Route.PERSON
    about = Particulars.objects.current().filter(person=person).first() if own else None
    return {
        "kind": "extend",
        "applicant": "" if kept_back else names.get(person.pk, ""),
        "born_on": about.birth_on if about and about.birth_precision == Particulars.Precision.DAY else None,
        "place": "" if kept_back else _place(person, on),
        "written_on": on,
    }


def _place(person, on):
    homes = Membership.objects.current().during(on).filter(person=person).order_by().values("household")
    rows = Dwelling.objects.current().during(on).filter(household__in=homes)
    home = rows.select_related("district__parent").order_by("id").first()
    if home is None or home.district is None:
        return ""
    return " ".join(filter(None, [str(home.district.parent or ""), str(home.district), home.town]))


def _written(request, person, form, now):
    try:
        made = drafting.write(person, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The request is written. It can be printed, signed and submitted."))
    return made


def _changed(request, found, form, now):
    try:
        drafting.rewrite(found, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return False
    except NotYours:
        raise PermissionDenied(whose("writer")) from None
    except NotNow:
        messages.warning(request, too_late(found))
        return True
    messages.success(request, _("The form is changed."))
    return True


def _render(request, form, **context):
    context = {"form": form, "found": None, **context}
    status = 422 if form.is_bound else 200
    return render(request, "households/extensions/form.html", context, status=status)
