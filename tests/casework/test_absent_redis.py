"""Saving does not wait for Redis: the queue stands in PostgreSQL, and a tick finds what was not told."""

from contextlib import closing

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from casework.celery import app
from tests.harness.installation import free_port


def test_the_doorbell_is_tried_once():
    tries = []
    with closing(Celery(broker=f"redis://127.0.0.1:{free_port()}/0")) as away:
        away.conf.broker_transport_options = app.conf.broker_transport_options | {
            "errback": lambda *told: tries.append(told)
        }
        with pytest.raises(OperationalError):
            away.send_task("anything", retry=False)
    assert len(tries) <= 1
