"""The embedded servers: shared, stopped by the last one out, back after a kill."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

import manage
from casework.servers import account, postgres, running
from casework.servers.places import Places, addresses
from casework.servers.running import embedded_servers
from casework.servers.trouble import ServerTrouble, explained

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from casework.servers.running import embedded_servers
with embedded_servers(sys.argv[1], want_redis=False, throwaway=sys.argv[2] == "throwaway"):
    print("up", flush=True)
    sys.stdin.read()
"""


def ask(address, statement):
    connection = psycopg2.connect(address)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def hold(var, kind="lasting"):
    """Start another process that uses the servers; return it once they are up."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(var), kind], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"up\n"
    return process


def let_go(process):
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def killed(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()


def postmaster(var):
    return int((Places(var).data / "postmaster.pid").read_text().split()[0])


@pytest.fixture
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("v")
    # root lends the servers another OS user; pytest's own folders are closed to it, so this also tries the way around
    yield folder
    with embedded_servers(folder):
        pass
    home = Places(folder).home
    if folder not in home.parents:
        subprocess.run(["rm", "-rf", str(home)], check=True)


def test_both_roles_answer_with_passwords_and_korean_search_lives(var):
    with embedded_servers(var, throwaway=True) as given:
        assert ask(given.app, "SELECT current_user") == "casework_app"
        assert ask(given.owner, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
        assert ask(given.app, "SELECT cardinality(show_trgm('가'))") > 0
        assert ask(given.app, "SHOW log_min_error_statement") == "panic"
        assert (
            ask(given.superuser, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules")
            == "scram-sha-256"
        )
        with pytest.raises(psycopg2.OperationalError, match="password"):
            ask(given.app.replace("casework_app:", "casework_app:wrong"), "SELECT 1")
        assert Places(var).secrets.stat().st_mode & 0o777 == 0o600
        assert Places(var).sockets.stat().st_mode & 0o777 == 0o700


def test_data_outlives_a_stop_and_the_last_one_out_stops_the_servers(var):
    with embedded_servers(var, want_redis=False) as given:
        ask(given.owner, "CREATE TABLE kept AS SELECT 42 AS answer")
        other = hold(var)
        mine = postmaster(var)
    assert ask(given.owner, "SELECT answer FROM kept") == 42, "the other one still uses it"
    let_go(other)
    with pytest.raises(psycopg2.OperationalError):
        ask(given.owner, "SELECT 1")
    with embedded_servers(var, want_redis=False) as given:
        assert ask(given.owner, "SELECT answer FROM kept") == 42
        assert postmaster(var) != mine


def test_a_killed_user_leaves_servers_that_the_next_one_takes_over_and_stops(var):
    other = hold(var)
    left = postmaster(var)
    killed(other)
    with embedded_servers(var, want_redis=False):
        assert postmaster(var) == left
    assert not (Places(var).data / "postmaster.pid").exists()


def test_a_killed_server_comes_back_with_its_data(var):
    with embedded_servers(var, want_redis=False) as given:
        ask(given.owner, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(postmaster(var), signal.SIGKILL)
        while not running.ended():
            time.sleep(0.05)
        assert running.ended() == ["PostgreSQL"]
    with embedded_servers(var, want_redis=False) as given:
        assert ask(given.owner, "SELECT answer FROM kept") == 42


def test_throwaway_servers_end_with_a_killed_test_run(var):
    other = hold(var, "throwaway")
    left = postmaster(var)
    killed(other)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{left}").exists() and sys.platform == "linux":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_half_made_cluster_is_made_anew(var):
    home = Path(os.path.realpath(var)) / "servers"
    (home / "postgres.partial").mkdir(parents=True)
    with embedded_servers(var, want_redis=False, throwaway=True) as given:
        assert ask(given.app, "SELECT 1") == 1


def test_a_long_path_moves_the_sockets_to_a_short_private_folder(tmp_path):
    places = Places(tmp_path / ("긴이름" * 12))
    places.var.mkdir()
    user = account.Account(os.geteuid(), os.getegid(), lent=False)
    running._settle_sockets(places, user)
    assert len(os.fsencode(places.postgres_socket)) <= running.LONGEST_SOCKET
    assert places.sockets.stat().st_mode & 0o777 == 0o700
    places.sockets.rmdir()
    running._settle_sockets(places, user)
    assert places.sockets.is_dir(), "made anew after a clean-up of the temporary folder"
    places.sockets.rmdir()


def test_a_folder_closed_to_the_lent_user_is_seen_and_left_as_it_is(tmp_path):
    tmp_path.chmod(0o700)
    lent = account.Account(os.geteuid() + 1, os.getegid() + 1, lent=True)
    assert not lent.reaches(tmp_path / "var" / "servers")
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_database_without_korean_letters_is_refused():
    dead = SimpleNamespace(execute=lambda statement: None, fetchone=lambda: (0,))
    with pytest.raises(ServerTrouble, match="Korean search"):
        postgres.require_korean_search(dead)


def test_a_full_disk_is_said_in_one_sentence():
    said = explained("FATAL: could not write file: No space left on device", "/srv/var", "otherwise")
    assert said == "The disk is full: free some space below /srv/var and start again."


def test_addresses_can_be_asked_before_anything_was_started(tmp_path):
    assert addresses(tmp_path).app.startswith("postgres://casework_app:@")


@pytest.mark.parametrize("command", ["check", "makemigrations --check", "help", "messages", "migrate --help", ""])
def test_commands_that_read_no_data_start_no_servers(command):
    assert not manage.needs_servers(command.split())


@pytest.mark.parametrize("command", ["migrate", "serve", "shell", "sweep --json", "check --deploy --database default"])
def test_commands_that_read_data_start_them(command):
    assert manage.needs_servers(command.split())
