"""Education: a course of a person, who is missing, and the booklets beside the topics."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from households.actions import Refused
from households.courses import actions
from households.courses.forms import CourseForm
from households.courses.missing import missing_of
from households.courses.paper import printed
from households.courses.topics import topic_of, topics
from households.members import called_on
from households.models import CourseRecord, Person
from households.views.found import sent

ROWS = 50


@require_safe
def courses(request):
    """Who within the first year has not completed the initial education, the longest due first."""
    check_looks_after(request.user)
    on = seoul_day(timezone.now())
    found = missing_of(request.user, on)
    listed = Paginator(found, ROWS).get_page(request.GET.get("page"))
    people = [row.person.pk for row in listed]
    names, guarded = called_on(people, on)
    looked(request, Act.LIST, subjects=people, detail={"courses": listed.number})
    rows = [
        {"row": row, "name": names.get(row.person.pk, row.person.case_number), "late": row.late(on)} for row in listed
    ]
    late = sum(row.due < on for row in found)
    context = {"rows": rows, "page": listed, "count": len(found), "late": late, "topics": topics(get_language())}
    return render(request, "households/courses/list.html", context | {"guarded": guarded})


@require_http_methods(["GET", "POST"])
def course_new(request, case_number):
    """Record a course of a person."""
    person = person_or_404(request, case_number)
    actions.check_may_record(request.user, person)
    form = CourseForm(sent(request), initial={"kind": request.GET.get("kind", "")})
    return _course(request, person, form, lambda said: actions.record_course(person, **said))


@require_http_methods(["GET", "POST"])
def course_edit(request, case_number, fact_id):
    """Put a course of a person right; the words until then stay in the file."""
    person = person_or_404(request, case_number)
    actions.check_may_record(request.user, person)
    seen = CourseRecord.objects.current().visible_to(request.user).select_related("person")
    course = get_object_or_404(seen, person=person, fact_id=fact_id)
    form = CourseForm(sent(request), initial={name: getattr(course, name) for name in actions.FIELDS})
    del form.fields["client_key"]
    return _course(request, person, form, lambda said: actions.correct_course(course, **said))


def _course(request, person, form, do):
    on = seoul_day(timezone.now())
    home = actions.home_for(request.user, person)
    if request.method == "POST" and form.is_valid():
        try:
            do({"by": request.user, "now": timezone.now(), **form.cleaned_data})
            messages.success(request, _("The education record is saved."))
            return redirect("households:person_courses", person.case_number)
        except Refused as refused:
            refused.stand_on(form)
    names, _hidden = called_on([person.pk], on)
    looked(request, Act.OPEN, subjects=[person.pk], households=[home.pk], detail={"page": "course"})
    context = {"form": form, "person": person, "name": names.get(person.pk, person.case_number)}
    return render(request, "households/courses/form.html", context, status=422 if form.is_bound else 200)


@require_safe
def person_courses(request, case_number):
    """The courses of one person, the latest first."""
    person = person_or_404(request, case_number)
    check_looks_after(request.user)
    on = seoul_day(timezone.now())
    names, _hidden = called_on([person.pk], on)
    rows = CourseRecord.objects.current().visible_to(request.user).filter(person=person)
    home = actions.home_for(request.user, person)
    looked(request, Act.OPEN, subjects=[person.pk], households=[home.pk] if home else [], detail={"page": "courses"})
    context = {
        "person": person,
        "name": names.get(person.pk, person.case_number),
        "rows": list(rows.order_by("-begins_on", "-id")),
        "home": home,
        "may_record": can(request.user, May.RECORD_CONTACT),
        "topics": topics(get_language()),
    }
    return render(request, "households/courses/person.html", context)


@require_safe
def topic(request, code):
    """A topic of the education with its booklet in plain words."""
    check_looks_after(request.user)
    found = topic_of(code, get_language())
    if found is None:
        raise Http404
    return render(request, "households/courses/topic.html", {"topic": found, "topics": topics(get_language())})


@require_safe
def topic_paper(request, code):
    """The booklet of a topic as PDF, in Korean; it tells of nobody."""
    check_looks_after(request.user)
    found = topic_of(code, "ko")
    if found is None:
        raise Http404
    if not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:topic", code)
    response = HttpResponse(printed(found, now=timezone.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return response


def check_looks_after(user):
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))


def person_or_404(request, case_number):
    """Return the person whose file the user's centre keeps; a share does not open the education records."""
    return get_object_or_404(Person.objects.kept_by(request.user), case_number=case_number)
