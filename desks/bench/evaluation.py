"""The sweep: everybody, one household, and from saving a fact until the worker has judged it."""

import os
import time
from datetime import datetime, timedelta
from functools import partial
from random import Random
from time import perf_counter
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from casework import processes
from casework.agencies.models import User
from casework.clock import AsOf
from casework.touched import Touched
from desks.bench.timing import quantile, took
from households.actions import log_contact
from households.models import Assignment
from risk.models import Standing
from risk.sweeps import sweep

# What a sweep reads, each read once from beginning to end.
READ = {
    "households_membership": "known_at",
    "households_particulars": "known_at",
    "households_residence": "known_at",
    "households_household": "known_at",
    "households_contact": "known_at",
    "households_participant": "contact_id",
    "households_contactpreference": "known_at",
    "households_protectionperiod": "known_at",
    "risk_signal": "known_at",
}
SCAN_ONLY = "SET LOCAL enable_{} = off"
PATIENCE = 30


def full(times: int = 5) -> dict[str, float]:
    """Return the seconds of a full live sweep (best and median of `times`) and of one read of the same tables."""
    swept = sorted(sweep(AsOf.live(timezone.now())).seconds for _ in range(times))
    read = sorted(took(_read_once) for _ in range(times))
    return {"best": swept[0], "median": swept[times // 2], "read": read[times // 2]}


def _read_once() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(SCAN_ONLY.format(way))
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        parts = [f"(SELECT count({column}) FROM {table})" for table, column in READ.items()]  # ours, not a user's
        cursor.execute("SELECT " + ", ".join(parts))


def one_household(times: int = 200) -> dict[str, float]:
    """Return p50 and p95 in milliseconds of judging one household anew."""
    keys = Random(1).sample(list(Standing.objects.order_by("household").values_list("household", flat=True)), times)  # noqa: S311
    seconds = [took(partial(_judge, key)) for key in keys]
    return {"p50": quantile(seconds, 0.5), "p95": quantile(seconds, 0.95)}


def _judge(household: int) -> None:
    sweep(AsOf.live(timezone.now()), households=[household])


def saved_to_seen(times: int = 40) -> dict[str, float]:
    """Return p50 and p95 in milliseconds from a saved contact to the standing that the list shows, through Redis."""
    Touched.objects.all().delete()
    worker = processes.launch(processes.worker(), **dict(os.environ))
    try:
        rows = Assignment.objects.current().filter(kind="main", during__endswith=None).order_by("id")[: times + 3]
        waits = [_wait_for(row) for row in rows.select_related("household", "worker")]
    finally:
        processes.end([worker])
    return {"p50": quantile(waits[3:], 0.5), "p95": quantile(waits[3:], 0.95)}  # the first ones warm the worker up


def _wait_for(row: Assignment) -> float:
    """Save one contact and wait until the household was judged with it."""
    worker = User.objects.get(pk=row.worker_id)
    moment = timezone.now()
    log_contact(
        row.household,
        people=[],
        by=worker,
        client_key=uuid4(),
        occurred_at=moment - timedelta(minutes=1),
        channel="phone",
        contact_made=True,
    )
    begun = perf_counter()
    while not _seen(row.household_id, moment):
        if perf_counter() - begun > PATIENCE:
            raise RuntimeError("The worker did not judge the household within 30 seconds.")
        time.sleep(0.01)
    return perf_counter() - begun


def _seen(household: int, since: datetime) -> bool:
    return Standing.objects.filter(household=household, swept_at__gt=since).exists()
