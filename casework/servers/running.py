"""Sharing the embedded servers: everybody holds one lock, the first one in starts them, the last one out stops them."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import tempfile
from pathlib import Path

from casework.servers import postgres, redis
from casework.servers.account import account, home_for
from casework.servers.places import APP, OWNER, SUPERUSER, Places, addresses
from casework.servers.trouble import ServerTrouble, explained

LONGEST_SOCKET = 107  # bytes a socket's path may have
_SHORT = ("/tmp", "/var/tmp")  # noqa: S108  # nosec B108  (a private folder is made in it)
# What this process itself started, by installation and name. Polling takes away the remains of a killed one: as long
# as those are there, the next PostgreSQL believes that it still runs.
started: dict[tuple[Path, str], subprocess.Popen | None] = {}


def ended():
    """Return the names of the servers that this process started and that have ended since."""
    return [name for (_, name), process in started.items() if process and process.poll() is not None]


@contextlib.contextmanager
def embedded_servers(var, *, want_postgres=True, want_redis=True, throwaway=False):
    """Keep the servers of the installation in the folder `var` running for as long as the block runs.

    Yields their `Addresses`. Raises `ServerTrouble`, whose message is a sentence, where they cannot run.
    """
    places = Places(Path(var).resolve())
    with _trouble_said(places):
        places.var.mkdir(parents=True, exist_ok=True)
        lock = places.users_lock.open("a")
    try:
        with _trouble_said(places), _alone(places):
            fcntl.flock(lock, fcntl.LOCK_SH)
            passwords, user = _settle(places)
            if want_postgres:
                _have_postgres(places, user, passwords, throwaway)
            if want_redis and not redis.answers(places, passwords):
                _remember(places, "Redis", redis.start(places, user, passwords, throwaway))
        yield addresses(places.var)
    finally:
        _leave(places, lock)


@contextlib.contextmanager
def _trouble_said(places):
    try:
        yield
    except OSError as error:
        raise ServerTrouble(explained(str(error), places.var, f"The embedded servers cannot start: {error}")) from error


@contextlib.contextmanager
def _alone(places):
    """Only one process at a time decides about starting and stopping."""
    with places.start_lock.open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _settle(places):
    """Decide home, sockets and passwords of this installation, once; return (passwords, account)."""
    user = account()
    home = home_for(places, user)
    if user.lent and home.parent == places.var and not user.reaches(home):
        raise ServerTrouble(
            f"{home} can no longer be reached by the servers' OS user: open its parent folders to it again."
        )
    user.folder(home)
    places.logs.mkdir(exist_ok=True)
    _settle_sockets(places, user)
    return _settle_passwords(places), user


def _settle_sockets(places, user):
    longest = max(len(os.fsencode(path)) for path in (places.postgres_socket, places.redis_socket))
    if longest > LONGEST_SOCKET or (places.sockets_note.exists() and not places.sockets.exists()):
        # Made anew where a clean-up of the temporary folder took it; mkdtemp gives a name that nobody else has.
        base = next(folder for folder in (f"/run/user/{user.uid}", *_SHORT) if os.access(folder, os.W_OK))
        places.sockets_note.write_text(tempfile.mkdtemp(prefix="casework-", dir=base))
    user.folder(places.sockets)


def _settle_passwords(places):
    with contextlib.suppress(FileNotFoundError):
        return json.loads(places.secrets.read_text())
    passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP, redis.ROLE)}
    partial = places.secrets.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(passwords, file)
    partial.rename(places.secrets)
    return passwords


def _have_postgres(places, user, passwords, throwaway):
    postgres.make(places, user, passwords)
    ended()
    _remember(places, "PostgreSQL", postgres.start(places, user, passwords, throwaway))
    postgres.prepare(places, passwords)


def _remember(places, name, process):
    """Note a newly started child; None is one that runs already, maybe an earlier child of ours."""
    before = started.get((places.var, name))
    if process is not None:
        started[places.var, name] = process
        if before:
            before.wait()


def _leave(places, lock):
    """Give the lock back; whoever is the last one stops the servers, whoever started them. Ctrl-C waits meanwhile."""
    patient = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _alone(places), lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if places.secrets.exists():
                passwords = json.loads(places.secrets.read_text())
                redis.stop(places, passwords, started.pop((places.var, "Redis"), None))
                postgres.stop(places, passwords, started.pop((places.var, "PostgreSQL"), None))
    finally:
        for number, before in patient.items():
            signal.signal(number, before)
