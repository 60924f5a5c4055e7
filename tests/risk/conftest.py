"""The register of the fault tests: on servers that may be killed, struck in one copy and undisturbed in another."""

import subprocess
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from casework.servers.places import Places
from casework.servers.running import embedded_servers
from casework.touched import Touched
from risk.ledger import work_off
from risk.sweeps import sweep
from tests.factories import HouseholdFactory
from tests.factories.risk import SignalFactory, contact
from tests.harness.ground import DAYS_DOWN, Ground


@pytest.fixture(scope="module")
def ground(tmp_path_factory, django_db_blocker):
    """Servers with a register that was last swept three days ago; since then facts came."""
    var = tmp_path_factory.mktemp("v").resolve()
    with embedded_servers(var, throwaway=True):
        made = Ground(var)
        first = made.copy("template0")
        with django_db_blocker.unblock(), first.connected():
            prepare(first)
            call_command("migrate", interactive=False, verbosity=0)
            a_register()
        made.register = first.name
        yield made
    home = Places(var).home
    if var not in home.parents:
        subprocess.run(["rm", "-rf", str(home)], check=True)


def prepare(database):
    """Make the extensions that a new installation gets."""
    with closing(psycopg2.connect(database.url("superuser"))) as session, session, session.cursor() as cursor:
        for extension in ("pg_trgm", "btree_gist", "unaccent"):
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def a_register():
    """Eight households, swept three days ago; then one is relieved, two fall into need, one cannot be reached."""
    now = timezone.now()
    today, before = seoul_day(now), seoul_day(now) - timedelta(days=DAYS_DOWN)
    homes = [HouseholdFactory(members=2, registered_on=today - timedelta(days=600)) for _ in range(8)]
    for home in homes:
        contact(home, today, 40)
    SignalFactory(household=homes[0], code_id="S14", on=today, ago=30)
    SignalFactory(household=homes[1], code_id="S01", months=4, on=today, ago=30)
    # Six months before its end a protection period is looked at: the day comes while nobody sweeps.
    ending = today + timedelta(days=179)
    HouseholdFactory(members=1, registered_on=today - timedelta(days=600), under_protection=five_years_before(ending))
    sweep(AsOf.live(now - timedelta(days=DAYS_DOWN)))
    Touched.objects.all().delete()
    assert before < today
    contact(homes[0], today, 1, tags=["utilities_ok"])
    SignalFactory(household=homes[2], code_id="S24", on=today, ago=4)
    SignalFactory(household=homes[1], code_id="S13", on=today, ago=4)
    SignalFactory(household=homes[1], code_id="S05", months=5, on=today, ago=4)
    for ago in (2, 1):
        contact(homes[3], today, ago, made=False)


def five_years_before(last):
    """Return the first day of a period whose last day is about `last`."""
    return last.replace(year=last.year - 5) + timedelta(days=1)


@pytest.fixture
def struck(ground, django_db_blocker):
    """The register that the fault will strike, after it was seen that there is something to do."""
    copy = ground.copy(ground.register)
    assert copy.count("touched") >= 4
    assert copy.count("risk_sweep") == 1
    with django_db_blocker.unblock():
        yield copy
    ground.revive()
    copy.end()


@pytest.fixture
def undisturbed(ground, django_db_blocker):
    """Return a function: what an undisturbed run makes of a copy of a register (the one of all tests)."""

    def run(name=None, without=()):
        copy = ground.copy(name or ground.register)
        before = copy.picture()["flags"]
        with django_db_blocker.unblock(), copy.connected():
            work_off(timezone.now)
        assert copy.quiet()
        found = copy.picture(without)
        is_open, was_open = ({row[:3] for row in rows if row[-1]} for rows in (found["flags"], before))
        assert is_open - was_open, "it opens flags"
        assert was_open - is_open, "it clears flags"
        return found

    return run
