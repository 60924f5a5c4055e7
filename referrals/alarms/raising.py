"""A run over all that waits between agencies: what is due and not yet in the ledger is written, in one transaction."""

from django.db import connection, transaction

from referrals import telling
from referrals.alarms.sql import RAISE, parameters
from referrals.alarms.waits import RAISE_WAITS, waits_parameters

LOCK = 4_110_337  # one run at a time, whoever begins it


@transaction.atomic
def raise_alarms(now):
    """Write every alarm that is due by `now` and not yet in the ledger, and tell whom it names; return how many.

    Twice changes nothing. While another run is at work nothing is done: that one does it all. Killed half-way, it has
    done nothing, and the next one does it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # One large statement over small numbers of rows: compiling it would cost more than running it.
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        given, raised = parameters(now), []
        for statement, named in ((RAISE, given), (RAISE_WAITS, waits_parameters(given))):
            cursor.execute(statement, named)
            raised += [row[0] for row in cursor.fetchall()]
    telling.of_alarms(raised, now=now)
    return len(raised)
