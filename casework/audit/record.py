"""Writing the two logs."""

from casework.audit.models import AccessLog, Event


def record(verb, subject, *, by, reason="", data=None, household_id=None):
    """Append an Event: `by` did `verb` with `subject`; both are named by id and label, never by reference.

    The household is taken from the subject when it has one, so that a timeline is one query.
    """
    return Event.objects.create(
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:120],
        household_id=household_id or getattr(subject, "household_id", None),
        reason=reason,
        data=data or {},
        **actor(by),
    )


def record_each(verb, subjects, *, by, reason="", data=None, of_household=True):
    """Append an Event for each of `subjects` at once: households, or, not `of_household`, records that belong to none
    yet; `data` maps a subject's id to what is kept of it."""
    who, told = actor(by), data or {}
    return Event.objects.bulk_create(
        Event(
            verb=verb,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            subject_label=str(subject)[:120],
            household_id=subject.pk if of_household else None,
            reason=reason,
            data=told.get(subject.pk, {}),
            **who,
        )
        for subject in subjects
    )


def looked(request, act, *, subjects=(), households=(), reason="", detail=None):
    """Append an AccessLog row: looking is an act (design §6). `subjects` are person ids."""
    match = request.resolver_match
    return AccessLog.objects.create(
        act=act,
        view=match.view_name if match else "",
        subjects=sorted({int(s) for s in subjects}),
        households=sorted({int(h) for h in households}),
        reason=reason,
        detail=detail or {},
        ip=request.META.get("REMOTE_ADDR") or None,
        **actor(request.user),
    )


def actor(user):
    """Return the columns that name who acted; an anonymous or absent user is named by nothing."""
    if user is None or user.pk is None:
        return {}
    return {"actor_id": user.pk, "actor_label": str(user)[:120], "agency_id": user.agency_id}
