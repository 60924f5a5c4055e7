"""What people do with a case conference. Each is atomic; where a verb holds households too, it holds them first."""

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.templatetags.format import fulltime
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.conferences import telling
from households.conferences.minutes import record_of
from households.conferences.rights import check_keeps, staff_of
from households.conferences.workflow import CONFERENCE, OPEN, ConferenceStatus
from households.models import CaseConference, ConferencePresence
from households.models.circle import ours

# So long afterwards a conference that could not be planned before it began can be written up (our own criterion).
WRITTEN_UP_WITHIN = timedelta(days=3)


class ChangedBefore(Exception):
    """Somebody else changed the conference meanwhile; nothing was saved, and nothing typed is lost."""


def plan(*, starts_at, place, chair, by, now, client_key=None):
    """Plan a conference at the user's centre; return it. One that had to be held at once is planned afterwards.

    Raises `NotYours` for who does not decide over the work there, `Refused` for a time long gone or a chair who does
    not look after households there.
    """
    if not can(by, May.ASSIGN):
        raise NotYours("keeper")
    if first := landed(CaseConference.objects, by=by, client_key=client_key, author="planned_by"):
        return first
    _check_words(by.agency_id, starts_at, chair, now)
    words = {"starts_at": starts_at, "place": place.strip(), "chair": chair}
    try:
        with refusals():
            made = CaseConference.objects.create(centre=by.agency, planned_by=by, client_key=client_key, **words)
            record("conference planned", made, by=by)
    except IntegrityError:
        if first := landed(CaseConference.objects, by=by, client_key=client_key, author="planned_by"):
            return first
        raise
    return made


def _check_words(centre, starts_at, chair, now):
    if starts_at < now - WRITTEN_UP_WITHIN:
        raise Refused(_("A conference is written up within three days after it began."), field="starts_at")
    if not staff_of(centre).filter(pk=chair.pk).exists():
        raise Refused(_("The chair is somebody who looks after households at this centre."), field="chair")


def change(conference, *, version, starts_at, place, chair, by, now):
    """Change when, where and who leads, while it is still to be held; return it. Who was told before is told again.

    `version`: the conference's when the page was made. The same once more changes nothing. Raises `NotYours`, `NotNow`,
    `ChangedBefore` when somebody else changed it meanwhile, and `Refused` as `plan`.
    """
    with refusals():
        held = locked(conference)
        check_keeps(held, by)
        if held.status not in OPEN:
            raise NotNow(held.status)
        before = (held.starts_at.replace(second=0, microsecond=0), held.place, held.chair_id)
        if before == (starts_at, place.strip(), chair.pk):
            return held
        if held.version != version:
            raise ChangedBefore(held.number)
        _check_words(held.centre_id, starts_at, chair, now)
        was = f"{fulltime(held.starts_at)} · {held.place} · {held.chair}"
        held.starts_at, held.place, held.chair, held.version = starts_at, place.strip(), chair, version + 1
        held.save(update_fields=["starts_at", "place", "chair", "version"])
        record("conference changed", held, by=by, reason=was[:300])
        if held.status == ConferenceStatus.ANNOUNCED:
            telling.of_conference(held, by=by, now=now)
    return held


@transaction.atomic
def announce(conference, *, by, now):
    """Tell those it concerns. Raises `NotYours`, `NotNow`, `ValidationError` where nothing is on the agenda."""
    held = locked(conference)
    CONFERENCE.check(held, "announce", by)
    if not held.items.standing().exists():
        raise ValidationError(_("There is no household on the agenda yet."))
    done = CONFERENCE.perform(held, "announce", by=by, announced_at=now)
    telling.of_conference(done, by=by, now=now)
    return done


@transaction.atomic
def hold(conference, *, by, now):
    """Say that it begins: from now on decisions are written. Raises `ValidationError` before its day."""
    held = locked(conference)
    CONFERENCE.check(held, "hold", by)
    if seoul_day(now) < seoul_day(held.starts_at):
        raise ValidationError(_("The day of the conference has not come yet. If it is held today, change its time."))
    return CONFERENCE.perform(held, "hold", by=by, held_at=min(now, held.starts_at))


@transaction.atomic
def close(conference, *, by, now, materials):
    """Close the record: what was said and decided is frozen. `materials`: {household id: the masked lines about it}.

    Raises `ValidationError` before its hour, while it is not said who led it, and while nothing was decided about a
    household that this centre still answers for, also one that the user must not see: then somebody else writes it.
    """
    held = locked(conference)
    CONFERENCE.check(held, "close", by)
    if now < held.starts_at.replace(second=0, microsecond=0):
        raise ValidationError(_("The hour of the conference has not come yet. Its record is closed afterwards."))
    if not held.presences.filter(user=held.chair_id, present=True).exists():
        said = _("%(name)s was to lead the conference and is not among those present. Tick them, or say who led it.")
        raise ValidationError(said % {"name": held.chair})
    open_still = held.items.standing().filter(household__in=ours(by).order_by().values("household"))
    decided = held.items.filter(decisions__taken_back_at=None, decisions__isnull=False)
    if left := open_still.exclude(pk__in=decided.order_by().values("pk")).count():
        raise ValidationError(_("Nothing is decided yet about %(n)s of the households.") % {"n": left})
    frozen = record_of(held, materials)
    return CONFERENCE.perform(held, "close", by=by, closed_at=now, closed_by=by, record=frozen)


@transaction.atomic
def cancel(conference, *, by, now, reason):
    """Cancel it with a reason; the households on its agenda wait for another one."""
    held = locked(conference)
    CONFERENCE.check(held, "cancel", by)
    if not reason.strip():
        raise ValidationError(_("Please give the reason."))
    held.reason = reason.strip()
    held.save(update_fields=["reason"])
    return CONFERENCE.perform(held, "cancel", by=by, reason=held.reason)


@transaction.atomic
def attend(conference, *, present, seen, guests, by, now, led_by=None):
    """Write who came: `present` of the people of the centre that the page showed (`seen`, ids), and the `guests` in
    words, (name, agency). Whom the page did not show stays as written; the same once more changes nothing. `led_by`:
    the id of whoever led it in the place of the chair, one of those present."""
    held = locked(conference)
    check_keeps(held, by)
    if held.status != ConferenceStatus.HELD:
        raise NotNow(held.status)
    rows = {(row.user_id, row.guest, row.agency): row for row in held.presences.select_for_update(of=("self",))}
    known = set(staff_of(held.centre_id).values_list("pk", flat=True)) | {user for user, _guest, _agency in rows}
    wanted = {(pk, "", ""): pk in present for pk in seen if pk in known}
    wanted |= {(None, name, agency): True for name, agency in guests}
    wanted = {key: False for key in rows if key[0] is None} | wanted
    changed = {key: there for key, there in wanted.items() if there != (key in rows and rows[key].present)}
    for (user, name, agency), there in changed.items():
        about = {"user_id": user, "guest": name, "agency": agency}
        ConferencePresence.objects.update_or_create(conference=held, **about, defaults={"present": there})
    if changed:
        record("conference attendance", held, by=by, data={"changed": len(changed)})
    if led_by and led_by != held.chair_id and wanted.get((led_by, "", "")):
        was, held.chair_id = held.chair_id, led_by
        held.save(update_fields=["chair"])
        record("conference led by a deputy", held, by=by, data={"chair": was, "deputy": led_by})
    return held


def locked(conference):
    """Return the conference as it stands now, held until the transaction ends."""
    rows = CaseConference.objects.select_for_update(of=("self",)).select_related("centre", "chair")
    return rows.get(pk=conference.pk)


VERBS: dict[str, Callable[..., CaseConference]] = {"announce": announce, "hold": hold, "close": close, "cancel": cancel}
