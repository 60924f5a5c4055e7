"""Entering, changing and ending a service: by who receives referrals at its agency, and by administrators."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from referrals.models import Service

KEPT = (
    "need",
    *(f"{text}_{language}" for text in ("name", "who", "bring", "guidance") for language in ("ko", "en")),
    *("capacity", "capacity_on", "hours", "channels", "phone", "address", "url", "during"),
)


def can_keep(user, agency_id=None):
    """Say whether the user may keep the services of an agency; without one: of any agency at all."""
    if can(user, May.ADMINISTER):
        return True
    return can(user, May.RECEIVE) and user.agency_id is not None and agency_id in (None, user.agency_id)


def check_keeps(user, agency_id=None):
    """Raise PermissionDenied unless the user may keep the services of an agency."""
    if not can_keep(user, agency_id):
        raise PermissionDenied(_("Services are kept by those who receive referrals at the agency."))


@transaction.atomic
def enter(agency, words, districts, *, by):
    """List a service of `agency`; `words` holds the fields of KEPT, `districts` the Districts (none: all of them).

    Returns the Service. Raises `ValidationError` with the sentence for what does not fit or is listed already.
    """
    check_keeps(by, agency.pk)
    service = saved(Service(agency=agency, **{name: words[name] for name in KEPT if name in words}))
    service.districts.set(districts)
    record("service entered", service, by=by, data=_told(service, districts))
    return service


@transaction.atomic
def change(service, words, districts, *, by):
    """Change a service; what stands as it was is left alone, without an Event. Returns the Service.

    What its own agency says is no longer unofficial. Raises `ValidationError` with the sentence.
    """
    check_keeps(by, service.agency_id)
    fresh = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    changed = [name for name in KEPT if name in words and words[name] != getattr(fresh, name)]
    moved = {district.pk for district in districts} != set(fresh.districts.values_list("pk", flat=True))
    if not changed and not moved:
        return fresh
    for name in changed:
        setattr(fresh, name, words[name])
    if by.agency_id == fresh.agency_id:
        fresh.unofficial, fresh.source = False, ""
    saved(fresh)
    fresh.districts.set(districts)
    record("service changed", fresh, by=by, data={"fields": changed, **_told(fresh, districts)})
    return fresh


@transaction.atomic
def end(service, *, by, now):
    """Offer a service until today and no longer; one that has not begun goes. Returns whether anything changed."""
    check_keeps(by, service.agency_id)
    fresh = Service.objects.select_for_update(of=("self",)).filter(pk=service.pk).first()
    tomorrow = seoul_day(now) + timedelta(days=1)
    if fresh is None or (fresh.during.upper and fresh.during.upper <= tomorrow):
        return False
    record("service ended", fresh, by=by, data={"last": seoul_day(now).isoformat()})
    if fresh.during.lower >= tomorrow:
        fresh.delete()
        return True
    fresh.during = DateRange(fresh.during.lower, tomorrow)
    fresh.save(update_fields=["during"])
    return True


def saved(service):
    """Save; what a constraint refuses becomes its sentence, also where two people enter it at once."""
    service.full_clean()
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        sentences = {one.name: one.violation_error_message for one in Service._meta.constraints}
        raise ValidationError(str(sentences.get(broken, error))) from error
    return service


def _told(service, districts):
    days = [day and day.isoformat() for day in (service.during.lower, service.during.upper)]
    return {"agency": service.agency_id, "districts": sorted(d.code for d in districts), "during": days}
