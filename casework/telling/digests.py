"""The weekly mail: Monday 09:00 in Seoul, counts and a link. By range and ledger: a missed Monday loses nothing."""

from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from casework.clock import SEOUL, Holiday
from casework.telling.actions import post, readers
from casework.telling.letters import digest_letter
from casework.telling.models import Digest, Mail, Notification, preference_of

LOCK = 4_110_611  # one run at a time, whoever begins it
SENT_AT = time(9)
WEEK = timedelta(days=7)
KIND = "digest"


def last_monday(now):
    """Return the latest Monday 09:00 in Seoul that is not later than `now`."""
    local = now.astimezone(SEOUL)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), SENT_AT, tzinfo=SEOUL)
    return monday if monday <= now else monday - WEEK


@transaction.atomic
def write_digests(now):
    """Write the digest of everybody who has an address and none up to the last Monday; return how many mails.

    It covers what came since the last one, be that a week or three; where nothing came and nothing is unread there is
    no mail. Twice changes nothing; while another run is at work nothing is done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    until = last_monday(now)
    people = {user.pk: user for user in _without(until)}
    if not people:
        return 0
    ranges = {pk: (user.told_until or until - WEEK, until) for pk, user in people.items()}
    counts = _counts(ranges)
    # Who wishes no mail is noted as well: whoever wishes one again is not told of a whole year.
    Digest.objects.bulk_create(
        Digest(user_id=pk, during=DateTimeTZRange(*ranges[pk]), count=counts.get(pk, (0, 0))[0]) for pk in people
    )
    wishes = {pk: said for pk, said in counts.items() if any(said) and preference_of(people[pk]).digest}
    holidays = Holiday.objects.days() if wishes else frozenset()
    post([_mail(people[pk], said, until, now, holidays) for pk, said in wishes.items()])
    return len(wishes)


def _without(until):
    """Return whom a mail reaches and who has no digest up to `until`, with `told_until`, where the last one ended; the
    ledger is looked through for those alone."""
    theirs = Digest.objects.filter(user=OuterRef("pk"))
    last = theirs.order_by("-during__endswith").values("during__endswith")[:1]
    missing = readers().filter(~Exists(theirs.filter(during__endswith__gte=until)))
    return missing.annotate(told_until=Subquery(last)).order_by("id")


def _counts(ranges):
    """Return {user: (came within the range, unread now)}; a query for each different beginning, mostly one."""
    found = {}
    for since in sorted({begins for begins, _until in ranges.values()}):
        mine = {pk: until for pk, (begins, until) in ranges.items() if begins == since}
        until = next(iter(mine.values()))
        came = Count("pk", filter=Q(at__gte=since, at__lt=until))
        unread = Count("pk", filter=Q(read_at=None, at__lt=until))
        rows = Notification.objects.filter(user__in=mine).order_by().values("user")
        found |= {row["user"]: (row["came"], row["unread"]) for row in rows.annotate(came=came, unread=unread)}
    return found


def _mail(user, said, until, now, holidays):
    subject, body = digest_letter(*said, language=user.language)
    at = preference_of(user).moment_for(KIND, now=now, holidays=holidays)
    key = f"{KIND} {until.date().isoformat()}"
    return Mail(user=user, key=key, subject=subject, body=body, due_at=at, next_at=at)
