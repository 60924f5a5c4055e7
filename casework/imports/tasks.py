"""Uploaded files in the background. The file stands in the batch until it is done; a message only rings."""

import contextlib

from celery import shared_task
from kombu.exceptions import OperationalError

from casework.imports import uploads


@shared_task
def load_file(batch_id: int) -> None:
    """Load one uploaded file; a file that is done, or that somebody else is loading, is left alone."""
    uploads.load(batch_id)


@shared_task
def resume() -> None:
    """Take up files that were brought in and not finished."""
    uploads.give_up_lost()
    for batch_id in uploads.unfinished():
        load_file.delay(batch_id)


def ring(batch_id: int) -> None:
    """Ask a worker to load the file; where no message gets through, `resume` finds it within a minute."""
    with contextlib.suppress(OperationalError):
        load_file.delay(batch_id)
