"""Two loads of the same file at the same moment, and a load whose server goes away."""

import io

from django.db import connection

from casework.agencies.models import User
from casework.imports.models import Batch
from casework.imports.running import run
from households.models import Person
from tests.factories.imports import PERSON, csv_of
from tests.harness.racing import at_once


def batch():
    return Batch.objects.create(kind="register", brought_by=User.objects.system(), state="running")


def test_the_same_file_loaded_twice_at_once_is_loaded_once(committed_db):
    rows = [{**PERSON, "person_ref": f"P-{n}", "household_ref": f"H-{n}"} for n in range(50)]
    batches = [batch(), batch()]
    at_once(*(lambda mine=mine: run(mine, io.BytesIO(csv_of(*rows))) for mine in batches))
    assert sorted(b.loaded for b in batches) == [0, 50]
    assert Person.objects.count() == 50


def test_a_load_whose_server_process_dies_half_way_leaves_nothing(committed_db):
    mine = batch()

    def kill(phase, done, expected):
        if (phase, done) == ("write", 2):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (pid,) = cursor.fetchone()
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            other.close()

    run(mine, io.BytesIO(csv_of(PERSON)), tell=kill)
    mine.refresh_from_db()
    assert (mine.state, mine.refused_code, Person.objects.count()) == ("refused", "stopped", 0)
