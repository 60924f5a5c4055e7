#!/usr/bin/env python
"""Django's command line. Starts the embedded servers for as long as a command runs that needs them."""

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

# These read code, not data.
WITHOUT_SERVERS = {
    "check", "collectstatic", "diffsettings", "docs", "findstatic", "help", "makemigrations", "messages", "version",
}  # fmt: skip


def needs_servers(arguments):
    """Tell whether the command line `arguments` (without the program's name) reads or writes data."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVERS or "--database" in arguments


def servers():
    """Return the context that keeps PostgreSQL and Redis running, unless the environment names others."""
    from casework.servers.running import embedded_servers

    given_postgres, given_redis = (os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    if given_postgres and given_redis:
        return nullcontext()
    var = os.environ.get("CASEWORK_VAR") or Path(__file__).resolve().parent / "var"
    return embedded_servers(
        var,
        want_postgres=not given_postgres,
        want_redis=not given_redis,
        throwaway=os.environ.get("CASEWORK_THROWAWAY") == "1",
    )


def main():
    """Run the command; a machine that cannot run it is told of in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
    try:
        from django.core.management import execute_from_command_line

        from casework.servers.trouble import ServerTrouble
    except ImportError as error:
        sys.exit(f"{error.name or error} is not installed: run `make setup` first, then .venv/bin/python manage.py …")
    # A shell that starts us in the background hands Ctrl-C down as ignored; whoever sends it still means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with servers() if needs_servers(sys.argv[1:]) else nullcontext() as addresses:
            if addresses:
                for name, address in addresses.environment().items():
                    os.environ.setdefault(name, address)
            execute_from_command_line(sys.argv)
    except ServerTrouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
