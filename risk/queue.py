"""Working off the queue of touched households (design §5).

The claim is committed before any fact is read, so that whatever is touched while a sweep reads stands in the queue
again. A lease whose worker died runs out and is taken up by the next one: nothing is lost, and at worst a household is
swept twice, which changes nothing.
"""

from django.db import connection, transaction

from casework.clock import AsOf
from casework.touched import TouchedLease
from risk.sweeps import sweep

AT_ONCE = 20_000
LEASE_MINUTES = 5

CLAIM = """
    WITH claimed AS (
        DELETE FROM touched WHERE id IN (
            SELECT id FROM touched ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ) RETURNING household_id
    )
    INSERT INTO touched_lease (household_ids, expires_at)
    SELECT array_agg(DISTINCT household_id), clock_timestamp() + make_interval(mins => %(minutes)s)
    FROM claimed HAVING count(*) > 0
    RETURNING id, household_ids
"""
TAKE_UP = """
    UPDATE touched_lease SET claimed_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(mins => %(minutes)s)
    WHERE id = (
        SELECT id FROM touched_lease WHERE expires_at < clock_timestamp() ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, household_ids
"""


def claim():
    """Take households off the queue, or take up a lease that ran out; return (lease id, household ids) or None."""
    params = {"limit": AT_ONCE, "minutes": LEASE_MINUTES}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (TAKE_UP, CLAIM):
            cursor.execute(statement, params)
            lease = cursor.fetchone()
            if lease:
                return lease
    return None


def sweep_queue(now):
    """Sweep what was touched until the queue is empty; return the number of households swept.

    `now` is a function that returns the present moment: each round asks about its own.
    """
    swept = 0
    while lease := claim():
        lease_id, households = lease
        sweep(AsOf.live(now()), households=households)
        TouchedLease.objects.filter(pk=lease_id).delete()
        swept += len(households)
    return swept
