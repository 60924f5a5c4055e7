"""An installation of a test's own: a folder with its servers and data, and the product running in it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg2

from casework.servers import redis
from casework.servers.places import Places, addresses
from casework.servers.running import _settle_passwords
from tests.harness.waiting import until

ROOT = Path(__file__).parents[2]
GIVEN = ("DATABASE_URL", "DATABASE_URL_OWNER", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
PARTS = {"gunicorn": "gunicorn", "worker": " worker ", "clock": " beat "}


def free_port():
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Installation:
    """A folder `var` with everything in it, and the environment that leads there."""

    def __init__(self, var):
        self.var, self.places = var, Places(var)
        self.environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
        self.environment |= {"CASEWORK_VAR": str(var), "DEMO": "0", "PYTHONUNBUFFERED": "1"}

    def command(self, *arguments, **options):
        """Run one `manage.py` command beside whatever runs; return it finished."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            **{"cwd": ROOT, "env": self.environment, "capture_output": True, "text": True, "timeout": 120} | options,
        )

    def marked(self, word):
        """Write `word` into the database; it must outlive whatever happens next."""
        self.ask("CREATE TABLE IF NOT EXISTS marked (word text)")
        self.ask("INSERT INTO marked VALUES (%s)", [word])

    def marks(self):
        return self.ask("SELECT count(*) FROM marked")

    def ask(self, statement, parameters=()):
        with (
            closing(psycopg2.connect(addresses(self.var).owner)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, parameters)
            return cursor.fetchone()[0] if cursor.description else None


class Serving:
    """`manage.py serve` in a session of its own, as a terminal would give it; what it says is read as it comes."""

    def __init__(self, installation, port):
        self.port, self.said = port, []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=installation.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        until(lambda: self.up or self.process.poll() is not None, "the address is printed", 120)
        assert self.up, self.text

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line)

    @property
    def text(self):
        return "".join(self.said)

    @property
    def up(self):
        return f"http://localhost:{self.port}/" in self.text

    def parts(self):
        """The process of each part, by the command lines of its direct children."""
        listed = subprocess.run(
            ["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [re.match(r"\s*(\d+)\s+(\d+)\s+(.*)", line).groups() for line in listed.splitlines()]
        children = [(int(pid), words + " ") for pid, parent, words in rows if int(parent) == self.process.pid]
        return {name: pid for name, sign in PARTS.items() for pid, words in children if sign in words}

    def ended(self):
        """Wait until it has ended and what it said is read; return its exit code."""
        code = self.process.wait(45)
        self.reader.join(10)
        self.process.stdout.close()
        return code

    def status(self, path="/accounts/login/"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status


def alive(pid):
    """Tell whether the process runs; one that ended and was not yet collected by its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def servers_of(installation):
    """The pids of PostgreSQL and Redis of this installation."""
    client = redis.client(installation.places, _settle_passwords(installation.places))
    with closing(client):
        redis_pid = client.info("server")["process_id"]
    return {"PostgreSQL": int((installation.places.data / "postmaster.pid").read_text().split()[0]), "Redis": redis_pid}
