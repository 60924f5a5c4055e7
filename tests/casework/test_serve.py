"""`manage.py serve` as people run it: real processes, an installation of its own, whatever dies on the way."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys

import psycopg2
import pytest

from casework.servers.running import embedded_servers
from tests.harness.installation import PARTS, ROOT, Installation, Serving, alive, free_port, servers_of
from tests.harness.waiting import until


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation that was started once (first start, with the database made) and stopped by Ctrl-C."""
    made = Installation(tmp_path_factory.mktemp("v").resolve())
    first = Serving(made, free_port())
    first.process.send_signal(signal.SIGINT)
    assert first.ended() == 0
    yield made
    with embedded_servers(made.var):
        pass
    if made.var not in made.places.home.parents:
        subprocess.run(["rm", "-rf", str(made.places.home)], check=True)


@pytest.fixture(scope="module")
def begun(installation):
    """Every product that was started, in order; whatever is left of them is ended at last."""
    products = []
    yield products
    for product in products:
        ended(product)


def ended(product):
    if product.process.poll() is None:
        product.process.terminate()
        product.ended()


@pytest.fixture
def serving(installation, begun):
    """Return a function that starts the product; it runs on after the test."""

    def start(port=None):
        begun.append(Serving(installation, port or free_port()))
        return begun[-1]

    return start


@pytest.fixture
def one(begun, serving):
    """The product, running: what the test before left, else a new one."""
    return begun[-1] if begun and begun[-1].process.poll() is None else serving()


@pytest.fixture
def nothing_runs(begun):
    for product in begun:
        ended(product)


def test_ctrl_c_stops_every_process_and_keeps_the_data(installation, one, serving):
    assert one.status() == 200
    installation.marked("표시 하나")
    kept = installation.marks()
    pids = {**one.parts(), **servers_of(installation)}
    assert set(pids) == {"gunicorn", "worker", "clock", "PostgreSQL", "Redis"}
    os.killpg(one.process.pid, signal.SIGINT)  # a terminal sends it to the whole group
    assert one.ended() == 0
    assert "Traceback" not in one.text
    assert [name for name, pid in pids.items() if alive(pid)] == []
    with pytest.raises(psycopg2.OperationalError):
        installation.marks()
    serving(one.port)
    assert installation.marks() == kept, "on the same port, at once, with the data"


@pytest.mark.parametrize("victim", ["serve", "gunicorn", "worker", "clock", "PostgreSQL", "Redis"])
def test_after_a_kill_the_next_start_recovers_by_itself(installation, one, serving, victim):
    installation.marked(f"표시 {victim}")
    kept = installation.marks()
    pids = {"serve": one.process.pid, **one.parts(), **servers_of(installation)}
    os.kill(pids[victim], signal.SIGKILL)
    code = one.ended()
    if victim != "serve":
        assert code == 1
        named = {"gunicorn": "web server"}.get(victim, victim)
        assert re.search(rf"{named}.* ended.*start again", one.text), one.text
        assert "Traceback" not in one.text
    ours = {name: pid for name, pid in pids.items() if name in {*PARTS, "serve"}}
    until(lambda: not any(alive(pid) for pid in ours.values()), "the programs that serve end with it", 30)
    two = serving(one.port)
    assert two.status() == 200
    assert set(two.parts()) == set(PARTS)
    assert installation.marks() == kept


def test_a_command_beside_a_running_product_shares_its_servers_and_leaves_them_running(installation, one):
    before = servers_of(installation)
    done = installation.command("sweep", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{"), "one object and nothing else"
    assert servers_of(installation) == before
    assert one.status() == 200


COUNT_LATER = """
import sys
from casework.agencies.models import Agency
print("in", flush=True)
sys.stdin.read()
print(Agency.objects.count())
"""


def test_a_command_that_outlives_the_product_keeps_its_servers(installation, one):
    beside = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--command", COUNT_LATER],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    while "in" not in beside.stdout.readline():
        assert beside.poll() is None
    one.process.send_signal(signal.SIGINT)
    assert one.ended() == 0
    said, _ = beside.communicate(timeout=30)
    assert beside.returncode == 0
    assert int(said.split()[-1]) > 200, "it still had its database"
    with pytest.raises(psycopg2.OperationalError):
        installation.marks()


def test_a_command_by_itself_starts_the_servers_and_stops_them_again(installation, nothing_runs):
    done = installation.command("sweep", "--json")
    assert done.returncode == 0, done.stderr
    with pytest.raises(psycopg2.OperationalError):
        installation.marks()


def refused(installation, *arguments, **options):
    """Run a command that must end with one sentence; return the sentence."""
    done = installation.command(*arguments, **options)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("CommandError: ")


def test_a_busy_port_is_one_sentence(installation):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        said = refused(installation, "serve", "--port", str(port))
    assert (
        said == f"127.0.0.1:{port} cannot be used (Address already in use): PORT={port + 1} make run takes another one."
    )


@pytest.mark.parametrize("word", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_one_sentence(installation, word):
    said = refused(installation, "serve", env=installation.environment | {"PORT": word})
    assert said == "PORT must be a number from 1 to 65535, for example PORT=8000."


def test_no_disk_space_is_one_sentence(tmp_path):
    """No file may grow beyond 1 MB: the nearest to a full disk that any user can have."""
    small = Installation(tmp_path / "v")
    said = refused(
        small,
        "serve",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)),
    )
    assert said == f"Files below {small.var} may not grow any further (ulimit -f): lift that limit and start again."


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    said = refused(Installation(tmp_path / "file" / "v"), "serve")
    assert said.startswith("The embedded servers cannot start: ")
