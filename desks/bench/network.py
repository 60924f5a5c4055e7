"""The referral network with 200,000 referrals: inbox, outbox, board and figures, the interface, and a run of alarms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.db.models import Count, DateTimeField
from django.utils import timezone

from casework.agencies.models import User
from casework.api import tokens
from casework.api.scopes import Scope
from desks.bench import pages
from desks.bench.pages import Measured
from desks.bench.timing import took
from desks.figures.past import last_end
from referrals.alarms.raising import raise_alarms
from referrals.models import Referral
from referrals.states import FINISHED

REFERRALS = 200_000
STEADY_TIMES = 3
# Roles that see the referrals addressed to their agency and nothing else.
RECEIVING_ONLY = ("town_worker", "receiving_worker")
# Of one row alone, or about one person.
ALONE = ("rerouted_from_id", "follows_id", "client_key", "person_id")

# Copies of what the demo wrote, each about a household of the same centre. What is finished lies up to three years
# back; what is open stands as it stood, some minutes apart. Nobody is told of them: no sweep, no history.
COPIES = """
WITH homes AS MATERIALIZED (
    SELECT center_id, array_agg(household_id ORDER BY household_id) AS ids
    FROM households_responsibility WHERE superseded_at IS NULL AND upper_inf(during) GROUP BY center_id
),
source AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY id) AS place FROM referrals_referral),
copy AS (
    SELECT n, hashint8(n) & 2147483647 AS chance, 1 + (n - 1) %% (SELECT count(*) FROM source) AS place
    FROM generate_series(%(have)s + 1, %(number)s) AS n
)
INSERT INTO referrals_referral ({columns})
SELECT {values}
FROM copy JOIN source USING (place) LEFT JOIN homes ON homes.center_id = source.from_agency_id
"""
SHIFT = """CASE WHEN status = ANY(%(finished)s) THEN chance %% 1000 * interval '1 day'
    ELSE chance %% 600 * interval '1 minute' END"""
PAUSES = """
INSERT INTO referrals_pause (referral_id, waits_for, during, begun_by_id)
SELECT id, waits_for, tstzrange(waits_since, NULL), COALESCE(handler_id, sender_id) FROM referrals_referral
WHERE waits_for <> '' AND NOT EXISTS (SELECT FROM referrals_pause pause WHERE pause.referral_id = referrals_referral.id)
"""

PAGE = """## Referral network

{referrals:,} referrals ({open:,} of them open) from {senders} agencies to {receivers}, copied from those of the demo in
{made:.0f} s.

| Page | Role | 1 user p50 / p95 ms | 16 users p50 / p95 ms | requests/s with 16 | queries in all / own | × bare view |
|---|---|---|---|---|---|---|
{pages}

Goals: inbox, outbox and board at most 5 times the bare view and p95 60 ms for one user, with 5 queries of their own;
the interface's list of 20 in 40 ms and of 100 in 90 ms, of 100 for 16 systems at once in 800 ms (medians).

| Run of alarms over all of them | Seconds | Alarms |
|---|---|---|
| First: whatever is late and was never told | {first:.2f} | {told:,} |
| Steady: nothing new, median of {times} | {steady:.2f} | {again:,} |

Goal: 2 s."""


def measure(number: int, say: Callable[[str], None], seconds: float = 6.0) -> dict[str, Any]:
    """Make `number` referrals of those of the demo, and return what pages, the interface and alarms took."""
    made = took(lambda: make(number))
    found: dict[str, Any] = {"made": made, "referrals": Referral.objects.count(), **_agencies()}
    found["open"] = Referral.objects.exclude(status__in=FINISHED).count()
    say(f"{found['referrals']} referrals")
    found["pages"] = _pages(seconds)
    say("pages of the network")
    found["first"], found["told"] = raised()
    runs = sorted(raised() for _ in range(STEADY_TIMES))
    found["steady"], found["again"] = runs[STEADY_TIMES // 2]
    say(f"alarms {found['first']:.2f} s, then {found['steady']:.2f} s")
    return found


def make(number: int) -> None:
    """Fill up with copies to `number` referrals, as the owner: triggers would take longer than what is measured."""
    fields = [field for field in Referral._meta.concrete_fields if field.column and field.column != "id"]
    names = [str(field.column) for field in fields]
    moments = [str(field.column) for field in fields if isinstance(field, DateTimeField)]
    words = {name: f"source.{name}" for name in names} | dict.fromkeys(ALONE, "NULL")
    words |= {name: f"source.{name} - {SHIFT}" for name in moments}
    words["number"] = "'R-' || lpad(n::text, 9, '0')"
    words["household_id"] = "COALESCE(homes.ids[1 + chance %% array_length(homes.ids, 1)], source.household_id)"
    sql = COPIES.format(columns=", ".join(words), values=", ".join(words.values()))
    values: dict[str, Any] = {
        "have": Referral.objects.count(),
        "number": number,
        "finished": [str(status) for status in FINISHED],
    }
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("ALTER TABLE referrals_referral DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checks that wait would keep the table from being altered
        cursor.execute("ALTER TABLE referrals_referral ENABLE TRIGGER USER")
        cursor.execute(PAUSES)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) referrals_referral, referrals_pause")


def page(found: dict[str, Any]) -> str:
    """Return the section of the report for what was `found`."""
    bare = found["pages"][0]
    rows = "\n".join(_row(measured, bare) for measured in found["pages"])
    return PAGE.format(**{**found, "pages": rows, "times": STEADY_TIMES})


def _row(measured: Measured, bare: Measured) -> str:
    name = measured.page if measured.status == 200 else f"{measured.page} (answered {measured.status})"
    queries = f"{measured.queries} / {measured.own}" if measured.queries else ""
    many = f"{measured.many_p50:.0f} / {measured.many_p95:.0f}"
    return (
        f"| {name} | {measured.who} | {measured.p50:.1f} / {measured.p95:.1f} | {many} | {measured.rate:.0f} "
        f"| {queries} | {measured.p50 / bare.p50:.1f} |"
    )


def _pages(seconds: float) -> list[Measured]:
    receiver, sender, ministry = most_asked(), most_asking(), _ministry()
    year = f"from={(last_end(timezone.localdate()) - timedelta(days=365)).isoformat()}"
    plan = [
        (Measured("bare view", "receiving worker"), receiver, "/bare/"),
        (Measured("inbox", "receiving worker"), receiver, "/referrals/?box=received"),
        (Measured("board", "receiving worker"), receiver, "/network/board/"),
        (Measured("list behind a number", "receiving worker"), receiver, f"/network/list/?open=1&{year}"),
        (Measured("outbox", "case manager"), sender, "/referrals/?box=sent"),
        (Measured("board, sent", "case manager"), sender, "/network/board/?side=sent"),
        (Measured("figures of everybody", "Ministry"), ministry, "/network/?period=12"),
    ]
    with pages.server() as port:
        for measured, user, path in plan:
            carried = pages.log_in(user)
            pages.one(measured, port, path, carried, seconds)
            pages.sixteen(measured, port, path, carried, seconds)
            if path != "/bare/":
                measured.queries, measured.own = pages.queries(user, path)
        return [measured for measured, _user, _path in plan] + _interface(port, receiver, seconds)


def _interface(port: int, receiver: User, seconds: float) -> list[Measured]:
    """Measure the list of referrals as the system of the receiver's agency."""
    now = timezone.now()
    by = User.objects.filter(grants__role="system_administrator").order_by("id")[0]
    words = {"name": "bench", "scopes": [Scope.REFERRALS_READ], "per_minute": 1_000_000}
    _token, secret = tokens.issue(receiver.agency, by=by, now=now, until=now + timedelta(days=1), **words)
    carried, found = {"Authorization": f"Bearer {secret}"}, []
    for limit in (20, 100):
        measured = Measured(f"interface, list of {limit}", "system of the agency")
        path = f"/api/v1/referrals?limit={limit}"
        pages.one(measured, port, path, carried, seconds)
        pages.sixteen(measured, port, path, carried, seconds)
        found.append(measured)
    return found


def most_asked() -> User:
    """Return the one of the most restricted roles whose agency received most."""
    asked = Referral.objects.values("to_agency").annotate(n=Count("pk")).order_by("-n", "to_agency")
    staff = User.objects.filter(grants__role__in=RECEIVING_ONLY, is_active=True).order_by("id")
    for row in asked:
        if found := staff.filter(agency=row["to_agency"]).first():
            return found
    raise RuntimeError("Nobody only receives.")


def most_asking() -> User:
    """Return the case manager of the agency that sent most."""
    sent = Referral.objects.values("from_agency").annotate(n=Count("pk")).order_by("-n", "from_agency")
    staff = User.objects.filter(grants__role="case_manager", is_active=True, agency=sent[0]["from_agency"])
    return staff.annotate(n=Count("assignments")).order_by("-n", "id")[0]


def _ministry() -> User:
    return User.objects.filter(grants__role="ministry_officer", is_active=True).order_by("id")[0]


def _agencies() -> dict[str, int]:
    """Return how many agencies send, and to how many."""
    apart = {"senders": "from_agency", "receivers": "to_agency"}
    return Referral.objects.aggregate(**{name: Count(side, distinct=True) for name, side in apart.items()})


def raised() -> tuple[float, int]:
    """Return the seconds of a run of alarms, and how many it raised."""
    told: list[int] = []
    seconds = took(lambda: told.append(raise_alarms(timezone.now())))
    return seconds, told[0]
