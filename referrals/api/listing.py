"""The list of referrals: filtered, newest first, page after page by a cursor that new rows do not shift."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from casework.agencies.models import WorkCalendar
from casework.api.problems import Problem
from referrals.api import shown
from referrals.models import Referral

# What a line shows, and what its clock and its veil are computed from; the request itself stays where it is.
NEEDED = (
    "number",
    "status",
    "need",
    "urgency",
    "title",
    "ground",
    "packet",
    "household_id",
    "waits_for",
    "waits_since",
    "clock_from",
    "sent_at",
    "answered_at",
    "acknowledged_at",
    "contacted_at",
    "provided_at",
    "confirmed_at",
    "failed_at",
    "closed_at",
    "route",
    "consent",
    "from_agency",
    "to_agency",
)


def page(user, asked, now):
    """Return ({"results", "next"}, the referrals shown); the same number of queries for any number of rows."""
    limit = asked["limit"]
    found = list(rows(user, asked, now)[: limit + 1])
    calendar = WorkCalendar.load()
    results = [shown.row(referral, user, now, calendar) for referral in found[:limit]]
    following = found[limit - 1].number if len(found) > limit else None
    return {"results": results, "next": following}, found[:limit]


def rows(user, asked, now):
    """Return the referrals that the user may see and asked for."""
    found = _box(user, asked.get("box")).with_veil().with_clocks(now)
    found = found.filter(**{name: asked[name] for name in ("status", "need", "urgency") if name in asked})
    if "turn" in asked:
        found = found.with_turn(user).filter(ours=asked["turn"] == "ours")
    if "changed_since" in asked:
        found = found.filter(_changed_since(asked["changed_since"]))
    if "cursor" in asked:
        found = found.filter(pk__lt=_place(user, asked["cursor"]))
    # Not by the bare key: for an agency with few, the planner would walk through everybody's in search of a page.
    return found.select_related("from_agency", "to_agency", "route").only(*_fields()).order_by(-F("pk"))


def _fields():
    related = [f"{name}__{field}" for name in ("from_agency", "to_agency") for field in ("name_ko", "name_en")]
    return [*NEEDED, *related, "route__limits", "route__during", "route__need", "route__urgency"]


def _box(user, box):
    if box == "in":
        return Referral.objects.received_by_agency_of(user)
    return Referral.objects.sent_by_agency_of(user) if box == "out" else Referral.objects.visible_to(user)


def _changed_since(moment):
    """Its history tells: a trigger writes it, whoever changed the row and how."""
    history = Referral._meta.get_field("events").related_model
    return Exists(history._default_manager.filter(pgh_obj=OuterRef("pk"), pgh_created_at__gte=moment))


def _place(user, cursor):
    """Return the place after which the page begins; only a number that the agency knows is one."""
    own = Q(from_agency=user.agency_id) | Q(to_agency=user.agency_id, sent_at__isnull=False)
    found = Referral.objects.filter(own, number=cursor).values_list("pk", flat=True).first()
    if found is None:
        raise Problem("invalid", errors=[{"field": "cursor", "detail": _("This is no cursor of an earlier page.")}])
    return found
