"""Runs the whole product until Ctrl-C: migrates, loads the demo register once, serves."""

import os
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import OperationalError, connections

from casework import processes
from casework.agencies.models.user import SYSTEM
from casework.production import refuse_to_start
from casework.servers.running import ended
from casework.servers.trouble import ServerTrouble, explained


class Command(BaseCommand):
    help = "Migrates, loads the demo register into an empty database, and serves until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=None, help="default: the variable PORT, else 8000")

    def handle(self, *args, host, port, **options):
        port = _port(os.environ.get("PORT") or 8000 if port is None else port)
        if trouble := processes.port_trouble(host, port):
            raise CommandError(trouble)
        try:
            self._ready()
            self._serve(host, port)
        except KeyboardInterrupt:
            self.stdout.write("Stopped. The data is kept.")  # it was asked for: no error, for make least of all

    def _ready(self):
        try:
            self._prepare()
        except (OperationalError, OSError) as error:
            sentence = f"The database could not be prepared: {str(error).strip().splitlines()[0]}"
            raise CommandError(explained(str(error), settings.VAR, sentence)) from error
        except (ImproperlyConfigured, ServerTrouble) as trouble:
            raise CommandError(str(trouble)) from trouble

    def _prepare(self):
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO and "demo" in get_commands() and not _worked_with():
            self.stdout.write("The database is empty: loading the demo register …")
            call_command("demo")
        refuse_to_start()
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.log_ins = _demo_log_ins() if settings.DEMO else []
        connections.close_all()

    def _serve(self, host, port):
        commands = {
            "web server": processes.web(host, port),
            "worker": processes.worker(),
            "clock": processes.beat(),
        }
        running = {}
        try:
            for name, command in commands.items():
                running[name] = processes.launch(command)
            while not processes.answers(host, port):
                self._watch(running)
            self._announce(host, port)
            while True:
                self._watch(running, pause=1)
        finally:
            self.stdout.write("Stopping …")
            processes.end(running.values())

    def _watch(self, running, pause=0.1):
        time.sleep(pause)
        for name, process in running.items():
            if process.poll() is not None:
                raise CommandError(f"The {name} ended (exit {process.returncode}). Everything is stopped; start again.")
        for name in ended():
            raise CommandError(f"{name} ended. Everything is stopped and the data is safe; start again.")

    def _announce(self, host, port):
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104  # nosec B104  (only shown)
        self.stdout.write(f"\nhttp://{shown}:{port}/\n")
        if self.log_ins:
            self.stdout.write(f"Demo log-ins, all with the password {settings.DEMO_PASSWORD}:")
            for username, name, roles in self.log_ins:
                self.stdout.write(f"  {username:<14} {name}  {roles}")
        self.stdout.write("Ctrl-C stops everything and keeps the data.")
        self.stdout.flush()


def _port(said):
    try:
        port = int(said)
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise CommandError("PORT must be a number from 1 to 65535, for example PORT=8000.")
    return port


def _worked_with():
    """Tell whether anybody works in this database; a load that broke off leaves no users behind."""
    return get_user_model().objects.exclude(username=SYSTEM).exists()


def _demo_log_ins(limit=14):
    """Return (username, name, roles) of the first demo users, one line each."""
    users = get_user_model().objects.filter(is_demo=True, is_active=True).order_by("id").prefetch_related("grants")
    return [
        (user.username, user.name, ", ".join(sorted({grant.get_role_display() for grant in user.grants.all()})))
        for user in users[:limit]
    ]
