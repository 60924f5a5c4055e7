"""Telling: written down with the event, in its transaction, so that nothing is told that did not happen."""

import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from casework.agencies.models import RoleGrant, User
from casework.clock import Holiday
from casework.telling.kinds import at_any_hour
from casework.telling.letters import letter
from casework.telling.models import Mail, Notification, Occasion, preference_of
from casework.telling.standing_in import with_substitutes

AT_ONCE = 10_000  # rows of one INSERT
WRITE = f"""
    INSERT INTO {Notification._meta.db_table} (user_id, kind, key, label, url_name, url_args, at)
    SELECT "user", kind, key, label, name, ARRAY(SELECT jsonb_array_elements_text(args)), %s
    FROM jsonb_to_recordset(%s) AS told ("user" bigint, kind text, key text, label text, name text, args jsonb)
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Notice:
    """One line to one person: `user` (an id), `kind` (a code), `label` (a number), `url` (name, *arguments) and `key`,
    the name of the event among those of its kind. `alone`: nobody stands in for who is told."""

    user: int
    kind: str
    label: str
    url: tuple
    key: str
    alone: bool = False


def tell(users, kind, *, label, url, now, key="", by=None, without=()):
    """Tell `users` of an event; nobody is told of their own act (`by`), nor anybody of `without` (ids), be it in the
    place of somebody who is away. The same event once more tells nobody.

    `label`: a number such as R-7QX4-1DTM-5; `url`: (name, *arguments); `key`: the event's name, else the number and the
    moment. Called within the transaction of the event.
    """
    key = key or f"{label} {now.isoformat()}"
    untold = {*without, *([by.pk] if by is not None else [])}
    notices = [Notice(user.pk, kind, label, url, key) for user in users if user.pk not in untold]
    tell_each(notices, now=now, without=untold)


@transaction.atomic
def tell_each(notices, *, now, without=()):
    """Write down each Notice, and a mail for who wishes one; the number of statements does not depend on how many. What
    somebody who is away is told, whoever stands in for them is told too, unless it is one of `without` (ids)."""
    if not notices:
        return
    notices = with_substitutes(notices, now, without)
    for begin in range(0, len(notices), AT_ONCE):
        _write(notices[begin : begin + AT_ONCE], now)
    post(_mails(notices, now))


def _write(notices, now):
    """Write the rows of Notices in one statement: made one by one, those of a backlog took longer than finding it."""
    rows = [
        {
            "user": one.user,
            "kind": one.kind,
            "key": one.key,
            "label": one.label,
            "name": one.url[0],
            "args": one.url[1:],
        }
        for one in notices
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [now, json.dumps(rows, default=str)])


@transaction.atomic
def tell_of_occasions(kind, keys, notices, *, now):
    """Tell each Notice, and note that the occasions `keys` of `kind` were dealt with, be there anybody or nobody."""
    rows = [Occasion(kind=kind, key=key, at=now) for key in keys]
    Occasion.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    tell_each(notices, now=now)


def _mails(notices, now):
    """Return the Mails of those who have an address and wish one; two queries at most."""
    people = readers().in_bulk({one.user for one in notices})
    chosen = {
        (user, kind): user in people and preference_of(people[user]).mails(kind)
        for user, kind in {(one.user, one.kind) for one in notices}
    }
    wanted = [one for one in notices if chosen[one.user, one.kind]]
    holidays = Holiday.objects.days() if wanted else frozenset()
    return [_mail(people[one.user], one, now, holidays) for one in wanted]


def _mail(user, notice, now, holidays):
    at = preference_of(user).moment_for(notice.kind, now=now, holidays=holidays)
    subject, body = letter(notice.label, notice.url, language=user.language)
    words = {"label": notice.label, "subject": subject, "body": body, "due_at": at, "next_at": at}
    return Mail(user=user, key=f"{notice.kind} {notice.key}", at_any_hour=at_any_hour(notice.kind), **words)


def readers():
    """Return the users whom a mail reaches, their preferences along: they have an address, and a role in force."""
    working = Exists(RoleGrant.objects.in_force().filter(user=OuterRef("pk")))
    return User.objects.filter(working, is_active=True).exclude(email="").select_related("telling_preference")


def post(mails):
    """Put mails into the outbox; one that lies there already is left alone."""
    if mails:
        Mail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=AT_ONCE)
        transaction.on_commit(_ring)


def _ring():
    # The mail stands in the database; the bell only saves the minute until the next tick.
    from casework.telling.tasks import ring

    ring()
