"""The three programs that make the running product: the web server, the worker, the clock."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from django.conf import settings

from casework.servers.mortal import mortal

PATIENCE = 15  # seconds a program has to end by itself


def web(host, port):
    """Return gunicorn's command line: two processes with two threads each, for two cores."""
    return [
        *_python("gunicorn", "casework.wsgi:application", "--bind", f"{host}:{port}"),
        *("--workers", "2", "--threads", "2", "--timeout", "60", "--graceful-timeout", "10"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def worker(concurrency=2):
    """Return the Celery worker's command line. It keeps to itself: no gossip with other workers."""
    return _python(
        *("celery", "--app", "casework", "--quiet", "worker", "--concurrency", str(concurrency)),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    )


def beat():
    """Return Celery beat's command line. It keeps no file: a lock would outlive a `kill -9`, a schedule be broken by
    one; what is due stands in PostgreSQL, and each tick asks for it."""
    beat = ("beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "WARNING", "--pidfile", "")
    return _python("celery", "--app", "casework", "--quiet", *beat)


def _python(*arguments):
    return [sys.executable, "-m", *arguments]


def launch(command, **environment):
    """Start `command` away from the terminal's Ctrl-C; on Linux it ends when this program is killed."""
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "casework.settings"} | environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=mortal(),  # noqa: PLW1509  (no threads run here)
    )


def end(processes):
    """Ask all programs to end, wait for them together, then insist."""
    processes = list(processes)
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    _end_orphans([process.pid for process in processes], deadline)


def _end_orphans(groups, deadline):
    """End what a killed program left behind: its own children, which share its process group."""
    number: int = signal.SIGTERM
    while groups := [group for group in groups if _signalled(group, number)]:
        if time.monotonic() > deadline:
            number = signal.SIGKILL
            groups = [group for group in groups if _signalled(group, number)]
            return
        number = 0
        time.sleep(0.05)


def _signalled(group, number):
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def port_trouble(host, port, patience=5):
    """Return the sentence why `port` cannot be served, or "". Waits a moment for a predecessor that is just ending."""
    deadline = time.monotonic() + patience
    while True:
        with closing(socket.socket()) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((host, port))
            except PermissionError:
                return f"Port {port} needs root: choose one from 1024 on, for example PORT=8000 make run."
            except OSError as error:
                if time.monotonic() > deadline:
                    return (
                        f"{host}:{port} cannot be used ({error.strerror}): PORT={port + 1} make run takes another one."
                    )
                time.sleep(0.25)
                continue
            return ""


def answers(host, port):
    """Tell whether a web server replies there; one that only listens is still loading the product."""
    connection = HTTPConnection(host, port, timeout=5)
    with closing(connection):
        try:
            connection.request("GET", "/accounts/login/")
            connection.getresponse()
        except (OSError, HTTPException):
            return False
    return True
