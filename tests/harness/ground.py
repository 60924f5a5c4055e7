"""Servers of a test's own that may be killed, and databases on them that a fault may strike.

The register of a fault test is made once and cloned for each test, twice: one copy is struck, the other is swept by
nobody but an undisturbed run. Ids and facts of both are the same, so their flags are compared row by row.
"""

import os
import signal
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import environ
import psycopg2
from celery import Celery
from django.db import connections
from psycopg2 import sql

from casework import processes
from casework.servers import redis
from casework.servers.places import Places, addresses
from casework.servers.running import _settle_passwords, embedded_servers, started
from tests.harness.waiting import until

DAYS_DOWN = 3  # the register was last swept so many days ago
FLAGS = """
    SELECT rule, household_id, person_id, since, weight, points, floor, trump, facts, version_id, evidence::text,
        cleared_at IS NULL
    FROM risk_flag ORDER BY household_id, rule, person_id, cleared_at IS NULL, since
"""
STANDINGS = """
    SELECT standing.household_id, standing.band, decided_band, decided_until, shown_band, standing.score,
        standing.since, reason_rule, reason_since, reason_evidence::text, reasons, address_protected,
        minor_lives_here, contact_on, contact_person, attempts, limit_days, contact_due_on, acted_at, review_due_on,
        protection_ends_on, hits, digest
    FROM risk_standing standing JOIN risk_assessment latest ON latest.id = assessment_id
    ORDER BY standing.household_id
"""
# "since" and the day of the review tell when a band was noticed, and that is later where nobody looked for days.
NOTICED = ("since", "review_due_on")
ASSESSED = "SELECT household_id, digest FROM risk_assessment ORDER BY household_id, id"


@dataclass
class Stricken:
    """A database of one's own on servers of one's own, and the worker that serves it."""

    ground: "Ground"
    name: str
    workers: list = field(default_factory=list)

    def url(self, role="owner"):
        return self.ground.url(role, self.name)

    @property
    def environment(self):
        """What a program needs to work here and nowhere else."""
        given = {"DATABASE_URL": self.url("app"), "DATABASE_URL_OWNER": self.url("owner")}
        own = {"REDIS_URL": self.ground.addresses.redis, "REDIS_PREFIX": f"{self.name}:"}
        return given | own | {"CASEWORK_VAR": str(self.ground.var)}

    def ask(self, statement, parameters=()):
        """Run one statement as the owner; return its rows, committed."""
        with closing(psycopg2.connect(self.url())) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def count(self, table, where="true"):
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]

    def picture(self, without=()):
        """Return every flag and every standing, row by row; `without` leaves columns of the standing out."""
        with closing(psycopg2.connect(self.url())) as connection, connection.cursor() as cursor:
            cursor.execute(FLAGS)
            flags = cursor.fetchall()
            cursor.execute(STANDINGS)
            names = [column.name for column in cursor.description]
            standings = [
                {name: value for name, value in zip(names, row, strict=True) if name not in without}
                for row in cursor.fetchall()
            ]
            cursor.execute(ASSESSED)
            return {"flags": flags, "standings": standings, "assessed": cursor.fetchall()}

    @contextmanager
    def connected(self):
        """Let Django's two connections speak to this database for as long as the block runs."""
        urls = {"default": self.url("app"), "owner": self.url("owner")}
        with speaking_to(urls):
            yield self

    @contextmanager
    def barred(self, table, mode="SHARE"):
        """Hold a lock on `table`, so that a sweep stands still where it comes to it; yields the connection."""
        with closing(psycopg2.connect(self.url())) as bar:
            with bar.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield bar
            with suppress(psycopg2.Error):  # the server it was held on may have gone
                bar.rollback()

    def waiting_for(self, table):
        """Return how many sessions stand still before `table`."""
        return self.ask("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])[0][0]

    def stands_before(self, table):
        """Wait until a sweep stands still before `table`."""
        until(lambda: self.waiting_for(table), f"a sweep comes to {table}")

    def work(self):
        """Start a worker, as `serve` does."""
        self.workers.append(processes.launch(processes.worker(concurrency=1), **self.environment))
        return self.workers[-1]

    def ring(self, task="risk.tasks.tick", times=1):
        """Send what the clock (or a doorbell) sends."""
        with self._sender() as app:
            for _ in range(times):
                app.send_task(task, expires=55)

    @contextmanager
    def _sender(self):
        app = Celery("fault", broker=self.ground.addresses.redis, set_as_current=False)
        app.conf.broker_transport_options = {"global_keyprefix": f"{self.name}:"}
        try:
            yield app
        finally:
            app.close()

    def quiet(self):
        """Tell whether today's full sweep is complete and nothing waits in the queue or under a lease."""
        done = self.count("risk_sweep", "kind = 'full' AND finished_at IS NOT NULL AND \"on\" = current_date")
        return bool(done) and not self.count("touched") and not self.count("touched_lease")

    def settle(self):
        """Ring as the clock does, only quicker, until nothing is due."""
        self.ring()

        def settled():
            with suppress(AssertionError):
                return until(self.quiet, "a round", 2) or True
            return self.ring()

        until(settled, "everything that is due is done", 60)

    def forget_patience(self):
        """Let the leases of the dead run out now, instead of in five minutes."""
        self.ask("UPDATE touched_lease SET expires_at = now() - interval '1 second'")

    def end(self):
        processes.end(self.workers)


class Ground:
    """PostgreSQL and Redis in `var`, which may be killed and started again while a test runs."""

    def __init__(self, var):
        self.var, self.made = var, 0
        self.addresses = addresses(var)

    def url(self, role, database):
        """Return the address of a database for "app", "owner" or "superuser"."""
        return urlsplit(getattr(self.addresses, role))._replace(path=f"/{database}").geturl()

    def copy(self, template="casework"):
        """Return a copy of a database that nobody speaks to."""
        self.made += 1
        name = f"fault_{self.made}"
        with closing(psycopg2.connect(self.url("owner", "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                names = sql.Identifier(name), sql.Identifier(template)
                cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return Stricken(self, name)

    def redis(self):
        """Return a client of the Redis."""
        places = Places(self.var)
        return redis.client(places, _settle_passwords(places))

    def kill(self, server, number=signal.SIGKILL):
        """End "PostgreSQL" or "Redis" by a signal and wait until it is gone."""
        process = started[Places(self.var.resolve()).var, server]
        os.kill(process.pid, number)
        process.wait(30)

    def revive(self):
        """Start again what was killed; the outer user keeps it running."""
        with embedded_servers(self.var, throwaway=True):
            pass


@contextmanager
def speaking_to(urls):
    """Let Django's connections speak to other servers: `urls` by alias."""
    before = {alias: dict(connections[alias].settings_dict) for alias in urls}
    try:
        for alias, url in urls.items():
            given = environ.Env().db_url_config(url)
            given["HOST"] = given["HOST"].replace("%2F", "/").replace("%2f", "/")
            connections[alias].close()
            connections[alias].settings_dict.update({key: given[key] for key in ("NAME", "USER", "PASSWORD", "HOST")})
        yield
    finally:
        for alias, old in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(old)
