"""Whatever is killed, lost, doubled or late: afterwards the flags are those of an undisturbed run, row by row.

Real processes on servers of the tests' own. A bar (a lock that the test holds) stops the sweep at a place of our
choice, so that every fault strikes in the middle and not by luck.
"""

import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
import redis
from django.db import connection
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from risk.ledger import work_off
from risk.queue import sweep_queue
from risk.sweeps import sweep
from tests.harness.ground import DAYS_DOWN, NOTICED
from tests.harness.installation import ROOT
from tests.harness.waiting import until


@pytest.mark.parametrize(
    ("table", "mode"),
    [("risk_signal", "ACCESS EXCLUSIVE"), ("risk_flag", "SHARE"), ("risk_standing", "SHARE")],
    ids=["reading", "raising flags", "writing standings"],
)
def test_a_worker_killed_during_a_sweep_leaves_nothing_half_done(struck, undisturbed, table, mode):
    before = struck.picture()
    worker = struck.work()
    with struck.barred(table, mode):
        struck.ring()
        struck.stands_before(table)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    until(lambda: not struck.count("pg_locks", "locktype = 'advisory'"), "the lock of the dead is free")
    assert struck.picture() == before, "nothing of the killed sweep stands"
    assert struck.count("risk_sweep") == 1, "and no record of it"
    struck.work()
    struck.settle()
    assert struck.picture() == undisturbed()


def test_a_worker_killed_with_households_claimed_leaves_its_lease_to_another(struck, undisturbed):
    worker = struck.work()
    struck.settle()
    swept = struck.count("risk_sweep")
    with struck.barred("households_contact", "ACCESS EXCLUSIVE"):
        struck.ask("INSERT INTO touched (household_id) SELECT household_id FROM risk_standing")
        struck.ring("risk.tasks.sweep_touched")
        struck.stands_before("households_contact")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert (struck.count("touched"), struck.count("touched_lease")) == (0, 1), "its claim outlives it"
    assert struck.count("risk_sweep") == swept
    struck.forget_patience()
    struck.work()
    struck.settle()
    assert struck.count("risk_sweep") == swept + 1, "another took up the lease"
    assert struck.picture() == undisturbed()


def test_a_sweeping_process_that_the_machine_kills_is_replaced_and_its_task_done(struck, undisturbed):
    worker = struck.work()
    with struck.barred("risk_flag"):
        struck.ring()
        struck.stands_before("risk_flag")
        (child,) = children_of(worker.pid)
        os.kill(child, signal.SIGKILL)
        until(lambda: children_of(worker.pid) not in ([], [child]), "the worker has a new process")
    assert worker.poll() is None
    struck.settle()
    assert struck.picture() == undisturbed()


def children_of(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["restarted", "killed"])
def test_postgresql_gone_during_a_sweep_and_back(ground, struck, undisturbed, number):
    before, worker = struck.picture(), struck.work()
    with struck.barred("risk_standing"):
        struck.ring()
        struck.stands_before("risk_standing")
        connection.close()
        ground.kill("PostgreSQL", number)
    with pytest.raises(psycopg2.OperationalError):
        struck.count("touched")
    ground.revive()
    assert struck.picture() == before, "the sweep was not committed"
    assert struck.count("risk_sweep") == 1
    assert worker.poll() is None, "the worker outlives it"
    struck.settle()
    assert struck.picture() == undisturbed()


def test_redis_lost_emptied_and_back(ground, struck, undisturbed, tmp_path):
    worker = struck.work()
    ground.kill("Redis")
    with pytest.raises(redis.ConnectionError):
        ground.redis().ping()
    told = tmp_path / "signals.csv"
    (case,) = struck.ask(
        "SELECT case_number FROM households_person WHERE id NOT IN (SELECT person_id FROM risk_signal) "
        "ORDER BY id LIMIT 1"
    )[0]
    day = seoul_day(timezone.now()) - timedelta(days=3)
    told.write_text(
        f"reference,case_number,signal,observed_on,ended_on,months,amount_krw\nA-1,{case},S24,{day},,,\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "import_signals", str(told), "--source", "시험"],
        cwd=ROOT,
        env=os.environ | struck.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert struck.count("risk_signal", "source = '시험'") == 1, "facts are recorded without Redis"
    expected = undisturbed(struck.name)
    assert struck.count("risk_sweep") == 1
    ground.revive()
    assert worker.poll() is None, "the worker waits for Redis"
    struck.settle()
    assert struck.picture() == expected


def test_redis_emptied_with_messages_in_it(ground, struck, undisturbed):
    struck.ring("risk.tasks.sweep_touched", times=5)
    with closing(ground.redis()) as client:
        assert client.llen(f"{struck.name}:celery") == 5
        client.flushall()
        struck.work()
        assert client.llen(f"{struck.name}:celery") == 0
    assert struck.count("touched") >= 4, "the queue stands in PostgreSQL"
    struck.settle()
    assert struck.picture() == undisturbed()


def test_the_same_task_delivered_twice_and_to_two_workers(struck, undisturbed):
    workers = [struck.work(), struck.work()]
    with struck.barred("risk_flag"):
        struck.ring(times=3)
        struck.ring("risk.tasks.sweep_touched", times=3)
        struck.stands_before("risk_flag")
        until(lambda: struck.count("pg_locks", "locktype = 'advisory' AND NOT granted") or lost(struck), "both came")
    struck.settle()
    assert all(worker.poll() is None for worker in workers)
    assert struck.count("risk_sweep", "kind = 'full'") == 2, "the one of three days ago and one of today"
    assert struck.picture() == undisturbed()


def lost(struck):
    """Tell whether the other worker has already been told that a sweep runs: its doorbells are gone."""
    return struck.count("pg_locks", "locktype = 'advisory' AND granted") and struck.count("touched_lease")


def test_two_sweeps_started_together(struck, undisturbed):
    environment = os.environ | struck.environment
    command = [sys.executable, "manage.py", "sweep"]
    with struck.barred("risk_flag"):
        both = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        struck.stands_before("risk_flag")
        until(lambda: struck.count("pg_locks", "locktype = 'advisory' AND NOT granted"), "the second one waits")
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted("opened 0, cleared 0" in words for words in said) == [False, True], "one of them did it all"
    with struck.connected():
        work_off(timezone.now)
    assert struck.picture() == undisturbed()


def test_the_clock_down_for_three_days_is_caught_up_by_one_tick(ground, struck, django_db_blocker):
    daily = ground.copy(ground.register)
    with daily.connected():
        for ago in range(DAYS_DOWN - 1, -1, -1):
            sweep(AsOf.live(timezone.now() - timedelta(days=ago)))
        sweep_queue(timezone.now)
    assert daily.count("risk_sweep", "kind = 'full'") == DAYS_DOWN + 1
    struck.work()
    struck.settle()
    assert struck.count("risk_sweep", "kind = 'full'") == 2, "missed days are not made up one by one"
    caught_up, followed = struck.picture(NOTICED), daily.picture(NOTICED)
    assert any(flag[0] == "R-PROT-END" for flag in caught_up["flags"]), "its day came while the clock stood still"
    assert caught_up["flags"] == followed["flags"]
    assert caught_up["standings"] == followed["standings"]


INSERT = """
    INSERT INTO risk_signal (fact_id, person_id, code_id, observed_on, source, reference, known_at{more})
    VALUES (%s, %s, 'S24', current_date - 6, '늦음', %s, date_trunc('day', now()) - interval '1 hour'{value})
"""
ON_TIME = INSERT.format(more="", value="")
AN_HOUR_BEFORE = INSERT.format(more=", recorded_at", value=", now() - interval '1 hour'")


def test_facts_recorded_an_hour_before_the_newest_and_facts_committed_late(ground, struck, undisturbed):
    """One server's clock runs behind, and one transaction stayed open across a sweep."""
    people = struck.ask("SELECT max(person_id) FROM households_membership GROUP BY household_id ORDER BY 1 DESC")
    slow_one, behind = (person for (person,) in people[:2])
    orderly = ground.copy(ground.register)
    orderly.ask(ON_TIME, [-1, slow_one, "L"])
    orderly.ask(ON_TIME, [-2, behind, "B"])
    with closing(psycopg2.connect(struck.url())) as slow, slow.cursor() as cursor:
        cursor.execute(ON_TIME, [-1, slow_one, "L"])
        struck.work()
        struck.settle()
        assert not told_of(struck, slow_one, behind), "what is not committed is not known"
        slow.commit()
    with closing(psycopg2.connect(struck.url())) as server, server, server.cursor() as cursor:
        clock = trigger_of(struck, "fact_clock")
        cursor.execute(f"ALTER TABLE risk_signal DISABLE TRIGGER {clock}")
        cursor.execute(AN_HOUR_BEFORE, [-2, behind, "B"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE risk_signal ENABLE TRIGGER {clock}")
    assert struck.count("risk_signal", "fact_id = -2 AND recorded_at < (SELECT max(recorded_at) FROM risk_signal)")
    struck.settle()
    assert told_of(struck, slow_one, behind) == 2
    caught_up, expected = struck.picture(NOTICED), undisturbed(orderly.name, NOTICED)
    assert caught_up["flags"] == expected["flags"]
    assert caught_up["standings"] == expected["standings"]


def told_of(database, *people):
    """Return how many of `people` live in a household that the machine calls an Emergency."""
    return database.ask(
        "SELECT count(*) FROM households_membership JOIN risk_standing USING (household_id) "
        "WHERE band = 5 AND person_id = ANY(%s)",
        [list(people)],
    )[0][0]


def trigger_of(database, name):
    """Return the name under which the database knows a trigger of ours."""
    rows = database.ask(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'risk_signal'::regclass AND tgname LIKE %s",
        [f"pgtrigger_{name}%"],
    )
    return rows[0][0]
