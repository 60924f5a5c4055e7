"""What the offices around a household keep, for the permission matrix: notices, rosters, files, services, systems."""

from datetime import timedelta
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from casework.agencies.models import Closure, DutyShift
from casework.clock import seoul_day
from casework.imports.models import Batch, QuarantinedRow, State
from casework.telling.models import Mail, Notification
from referrals.models import WebhookDelivery, WebhookSubscription
from tests.factories.api import issue
from tests.factories.services import ServiceFactory


def office_of(relation, *, place, user, colleague, office):
    """Return {name: what a URL is called with}: of the user and their agency where `relation` is "own", else of a
    colleague of the worker and of another office."""
    agency, owner = (user.agency, user) if relation == "own" else (office, colleague)
    return {
        **_told(owner),
        **_file(agency, colleague),
        **_roster(agency, colleague, place),
        "service": ServiceFactory(agency=agency).pk,
        **_of_systems(office),
    }


def _told(named):
    """A notification of one person, and a mail that did not arrive."""
    now = timezone.now()
    notice = Notification.objects.create(
        user=named, kind="arrived", key=str(uuid4()), label="R-0000-0000-0", url_name="referrals:inbox", at=now
    )
    words = {"user": named, "key": notice.key, "label": notice.label, "subject": "-", "body": "-"}
    mail = Mail.objects.create(**words, due_at=now, next_at=now, dead_at=now)
    return {"notice": notice.pk, "mail": mail.pk}


def _roster(agency, colleague, place):
    """A shift and a closed day; each household's on another day, the `place` of which tells them apart."""
    days = timedelta(days=1 + place)
    during = DateTimeTZRange(timezone.now() + days, timezone.now() + days + timedelta(hours=9))
    shift = DutyShift.objects.create(agency=agency, user=colleague, during=during)
    closed = Closure.objects.create(agency=agency, day=seoul_day(timezone.now()) + days, why="이전")
    return {"shift": shift.pk, "closed": closed.pk}


def _of_systems(agency):
    """A token of a system, an address that is told of changes, and a message that did not arrive there."""
    token, _secret = issue(agency)
    hook = WebhookSubscription.objects.create(
        agency=agency, url=f"https://hooks.example/{token.pk}", events=["referral.send"], made_by=token.issued_by
    )
    now = timezone.now()
    words = {"event": "referral.send", "number": "R-0000-0000-0", "moment": now, "next_at": now, "dead_at": now}
    letter = WebhookDelivery.objects.create(subscription=hook, **words)
    return {"token": token.pk, "webhook": hook.pk, "letter": letter.pk}


def _file(agency, by):
    batch = Batch.objects.create(kind="register", state=State.DONE, agency=agency, brought_by=by, rows=1)
    row = QuarantinedRow.objects.create(batch=batch, row=1, field="sex", code="not_a_choice", reason="-")
    return {"batch": batch.pk, "row": row.pk}
