"""The entitlements of one household and of everybody, and whether both ways of asking say the same."""

from datetime import date
from functools import partial
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from casework.clock import seoul_day
from desks.bench.timing import quantile, took
from households.entitlements import compiled
from households.entitlements.answers import answers_of
from households.entitlements.catalogue import Catalogue, catalogue_of
from households.models import Household

ONE, TIMES, SAMPLE = 100, 5, 2_000

PAGE = """| One household with every ground in words, p50 / p95 | {p50:.0f} / {p95:.0f} ms | 30 ms |
| Everybody, {entitlements} entitlements, one statement, median | {everybody:.2f} s ({answers:,} answers) | 3 s |
| Of {sample:,} households drawn by lot, asked one by one: answers that differ | {apart} | 0 |"""


def measure() -> dict[str, Any]:
    """Return p50 and p95 in milliseconds of one household, the median of everybody, and how many answers differ."""
    on = seoul_day(timezone.now())
    catalogue = catalogue_of(on=on)
    homes = list(Household.objects.order_by("pk").values_list("pk", flat=True))
    drawn = Random(1).sample(homes, min(SAMPLE, len(homes)))  # noqa: S311  (not for secrets)
    answers_of(drawn[0], on=on)
    one = [took(partial(answers_of, home, on=on)) for home in drawn[:ONE]]
    everybody = sorted(took(lambda: _kept(catalogue, on)) for _ in range(TIMES))
    return {
        "p50": quantile(one, 0.5),
        "p95": quantile(one, 0.95),
        "everybody": everybody[TIMES // 2],
        "answers": _kept(catalogue, on),
        "entitlements": len(catalogue.versions),
        "sample": len(drawn),
        "apart": differing(drawn, catalogue, on),
    }


def _kept(catalogue: Catalogue, on: date) -> int:
    """Write every answer that is not "no" into a table, as a rule would read it; return how many there are."""
    sql, params = compiled.statement(catalogue, on=on)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_entitled")
        cursor.execute(f"CREATE TEMP TABLE bench_entitled AS {sql}", params)
        cursor.execute("SELECT count(*) FROM bench_entitled")
        return cursor.fetchone()[0]


def differing(households: list[int], catalogue: Catalogue, on: date) -> int:
    """Return how many answers about these households one way gives and the other does not."""
    alone = {
        (answer.person, answer.version.pk, answer.state == "yes", answer.until)
        for home in households
        for answer in answers_of(home, on=on, catalogue=catalogue)
        if answer.state != "no"
    }
    _kept(catalogue, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, version, COALESCE(state, FALSE), until FROM bench_entitled "
            "WHERE household_id = ANY(%s::bigint[])",
            [households],
        )
        together = set(cursor.fetchall())
    return len(alone ^ together)


def page(found: dict[str, Any]) -> str:
    """Return the rows of the report for what was `found`."""
    return PAGE.format(**found)
