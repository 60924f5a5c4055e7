"""What a hand waits for: the product starting on the user's own machine, and a whole caseload given to another."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.utils import timezone

from casework import processes
from casework.clock import seoul_day
from desks.bench import pages
from desks.bench.throwaway import VARIABLES
from desks.bench.timing import took
from households.actions import Move, reassign, undo_reassignment
from households.actions.many import MOST
from households.models import Assignment

PATIENCE = 180
# Whatever leads to the servers of the bench itself.
GIVEN = (*VARIABLES, "REDIS_URL", "DJANGO_SETTINGS_MODULE")

PAGE = """## Starting and giving over

| What | Seconds | Goal |
|---|---|---|
| `manage.py serve` in an empty folder, until it answers: servers, database and all tables made | {first:.1f} | |
| The same again, with everything there | {second:.1f} | 15 |
| {households} households given from one case manager to another | {given:.2f} | 2 |
| The same taken back | {back:.2f} | 2 |"""


def page(found: dict[str, float]) -> str:
    """Return the section of the report for what was `found`."""
    return PAGE.format(**found)


def measure() -> dict[str, float]:
    """Return the seconds of a first and a second start, and of households given over and taken back."""
    with tempfile.TemporaryDirectory() as folder:
        return {"first": started(Path(folder)), "second": started(Path(folder)), **given_over()}


def started(var: Path) -> float:
    """Return the seconds from the command to the first answer, by an installation of its own in the folder `var`."""
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    environment |= {"CASEWORK_VAR": str(var), "DEMO": "0"}
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    begun = perf_counter()
    serving = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not processes.answers("127.0.0.1", port):
            if serving.poll() is not None or perf_counter() - begun > PATIENCE:
                raise RuntimeError("The product did not start.")
            time.sleep(0.05)
        return perf_counter() - begun
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(60)


def given_over() -> dict[str, float]:
    """Return the seconds of giving as many households as go at once to a colleague, and of taking them back."""
    head, today = pages.widest(), seoul_day(timezone.now())
    held = Assignment.objects.current().filter(kind="main", during__contains=today, worker__agency=head.agency)
    colleague = held.order_by("-worker")[0].worker_id
    rows = held.exclude(worker=colleague).order_by("id")[:MOST]
    wanted = [Move(row.household_id, colleague, row.pk) for row in rows]
    made = []
    given = took(lambda: made.append(reassign(wanted, on=today, by=head)))
    back = took(lambda: undo_reassignment(made[0], now=timezone.now(), on=today, by=head))
    return {"households": len(wanted), "given": given, "back": back}
