"""Endpoints of referrals, in the order of `urls`."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from casework.agencies.models import Agency, District, WorkCalendar
from casework.api.answers import client_key
from casework.api.described import IF_MATCH
from casework.api.endpoint import endpoint
from casework.api.problems import Problem
from casework.api.scopes import Scope
from casework.api.versions import etag, unchanged
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from referrals.api import acting, finding, listing, shapes, shown, writing
from referrals.directory import finding as directory
from referrals.directory import hsds
from referrals.workflow import REFERRAL

TAG = ["referrals"]
SIDES = {"sender": _("A step of the sending agency."), "receiver": _("A step of the receiving agency.")}


def valid(shape, data):
    """Return the validated words of a body or a query; raises ValidationError with every field that is not right."""
    read = shape(data=data)
    read.is_valid(raise_exception=True)
    return read.validated_data


def again(request, location):
    """Answer a retry: the referral that the first call made or moved, as the caller may read it now."""
    return _answer(request, finding.found(request.user, location.rstrip("/").rpartition("/")[2]))


@extend_schema(
    methods=["GET"],
    operation_id="referrals_list",
    tags=TAG,
    parameters=[shapes.Asked],
    responses=shapes.Page,
    summary=_("List the agency's referrals"),
)
@extend_schema(
    methods=["POST"],
    operation_id="referrals_write",
    tags=TAG,
    request=shapes.Written,
    responses={201: shapes.One},
    summary=_("Write a referral"),
)
@endpoint(GET=Scope.REFERRALS_READ, POST=Scope.REFERRALS_WRITE, again=again)
def referrals(request):
    """Referrals of the caller's agency: received and sent, the newest first; or a new one."""
    if request.method == "POST":
        return _write(request)
    asked = valid(shapes.Asked, request.query_params.dict())
    page, found = listing.page(request.user, asked, timezone.now())
    subjects = {person for referral in found for person in shown.subjects(referral, request.user)}
    households = {referral.household_id for referral in found}
    looked(request, Act.LIST, subjects=subjects, households=households, detail=_by(request))
    return Response(page)


def _write(request):
    words = valid(shapes.Written, request.data)
    now = timezone.now()
    if words["send"]:
        check_may_send(request)
    return written(request, writing.write(words, by=request.user, now=now, client_key=client_key(request)).number)


def check_may_send(request):
    """Raise PermissionDenied unless the token may send what it writes."""
    if not request.auth.allows(Scope.REFERRALS_SEND):
        raise PermissionDenied(_("This token writes drafts; a person sends them."))


def written(request, number):
    """Answer with a referral that was just made."""
    return _answer(request, finding.found(request.user, number), status=201)


@extend_schema(operation_id="referrals_read", tags=TAG, responses=shapes.One, summary=_("Read a referral"))
@endpoint(GET=Scope.REFERRALS_READ)
def referral(request, number):
    """One referral; its ETag names the version that a step then refers to."""
    found = finding.found(request.user, number)
    if unchanged(request, tag(found, request.user)):
        return _not_modified(request, found)
    return _answer(request, found)


def tag(found, user):
    """Return the ETag of a referral as this user reads it."""
    return etag(shown.version(found, user))


def _not_modified(request, found):
    answer = HttpResponse(status=304, headers={"ETag": tag(found, request.user)})
    del answer.headers["Content-Type"]
    return answer


def _answer(request, found, status=200):
    """Answer with one referral and log the look."""
    user = request.user
    body = shown.one(found, user, timezone.now(), WorkCalendar.load())
    look_at(request, found, Act.OPEN)
    headers = {"ETag": tag(found, user), "Location": reverse("api:referral", args=[found.number])}
    return Response(body, status=status, headers=headers)


def look_at(request, found, act):
    """Log that a system was shown a referral, and whose data stood in it."""
    subjects = shown.subjects(found, request.user)
    detail = {"referral": found.number, **_by(request)}
    looked(request, act, subjects=subjects, households=[found.household_id], detail=detail)


def _by(request):
    return {"token": request.auth.prefix}


def step(verb):
    """Return the endpoint of one verb of the workflow."""
    taken = REFERRAL.steps[verb]
    scope = Scope.REFERRALS_SEND if verb in ("send", "reroute") else Scope.REFERRALS_ACT
    body = shapes.BODIES[verb]

    @extend_schema(
        operation_id=f"referrals_{verb}",
        tags=["steps"],
        request=body,
        responses=shapes.One,
        parameters=[IF_MATCH],
        summary=taken.label,
        description=SIDES[taken.actor],
    )
    @endpoint(POST=scope, again=again)
    def view(request, number):
        words = valid(body, request.data or {})
        return _answer(request, acting.act(request, number, verb, words))

    return view


@extend_schema(
    operation_id="referrals_say",
    tags=["thread"],
    request=shapes.Said,
    responses={201: shapes.One},
    summary=_("Comment, ask, or answer a question"),
)
@endpoint(POST=Scope.REFERRALS_ACT, again=again)
def say(request, number):
    """A line of the thread; a question stops the receiver's clock of working days until its answer."""
    words = valid(shapes.Said, request.data)
    return _answer(request, acting.say(request, number, words, client_key(request)), status=201)


@extend_schema(
    operation_id="services_list",
    tags=["directory"],
    parameters=[shapes.ServicesAsked],
    responses=shapes.Services,
    summary=_("List services (Open Referral HSDS 3)"),
)
@endpoint(GET=Scope.DIRECTORY_READ)
def services(request):
    """The services that are offered today, by need and district."""
    asked, now = valid(shapes.ServicesAsked, request.query_params.dict()), timezone.now()
    place = District.objects.filter(code=asked["district"]).first() if "district" in asked else None
    if "district" in asked and place is None:
        raise Problem("invalid", errors=[{"field": "district", "detail": _("There is no district with this code.")}])
    named = {"need": asked.get("need"), "district": place and place.pk}
    rows = directory.found(named, on=seoul_day(now)).shown()
    return Response(hsds.page_of(rows, now=now, number=asked["page"], size=asked["per_page"]))


@extend_schema(operation_id="agencies_list", tags=["directory"], responses=shapes.Agencies, summary=_("List agencies"))
@endpoint(GET=Scope.DIRECTORY_READ)
def agencies(request):
    """Every agency with the number by which a referral names it."""
    names = ("id", "kind", "name_ko", "name_en", "region", "phone")
    return Response({"results": list(Agency.objects.order_by("kind", "name_ko").values(*names))})


STEPS = {verb: step(verb) for verb in shapes.BODIES}
