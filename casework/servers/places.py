"""Where the embedded servers keep their things, and the addresses that follow from it. Reads, never writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "casework"
SUPERUSER, OWNER, APP = "postgres", "casework_owner", "casework_app"


@dataclass(frozen=True)
class Places:
    """Files of one installation. What start-up decided (another home, a short socket folder) is recorded in `var/`."""

    var: Path

    @property
    def users_lock(self):
        """Held shared by everybody who uses the servers; whoever gets it alone is the last one."""
        return self.var / "lock"

    @property
    def start_lock(self):
        """Held alone for as long as somebody starts or stops the servers."""
        return self.var / "lock.start"

    @property
    def secrets(self):
        return self.var / "secrets.json"

    @property
    def home_note(self):
        return self.var / "servers-home"

    @property
    def sockets_note(self):
        return self.var / "servers-sockets"

    @property
    def logs(self):
        return self.var / "log"

    @property
    def home(self):
        """The folder of the servers' own files: `var/servers`, or elsewhere if their OS user cannot reach that."""
        return self._noted(self.home_note, self.var / "servers")

    @property
    def sockets(self):
        """The private folder of both sockets: below `home`, or a short one if that path is too long for a socket."""
        return self._noted(self.sockets_note, self.home / "run")

    @property
    def data(self):
        return self.home / "postgres"

    @property
    def postgres_socket(self):
        return self.sockets / ".s.PGSQL.5432"

    @property
    def redis_socket(self):
        return self.sockets / "redis.sock"

    @staticmethod
    def _noted(note, default):
        try:
            return Path(note.read_text().strip() or default)
        except OSError:
            return default


@dataclass(frozen=True)
class Addresses:
    """The URLs of one installation's embedded servers; they need not run."""

    app: str
    owner: str
    superuser: str
    redis: str

    def environment(self):
        """Return what a program needs in its environment to find these servers."""
        return {"DATABASE_URL": self.app, "DATABASE_URL_OWNER": self.owner, "REDIS_URL": self.redis}


def addresses(var):
    """Return the `Addresses` below the folder `var`; without passwords where nothing was ever started."""
    places = Places(Path(var))
    try:
        passwords = json.loads(places.secrets.read_text())
    except OSError:
        passwords = {}
    host, socket = quote(str(places.sockets), safe=""), quote(str(places.redis_socket))

    def password(role):
        return quote(passwords.get(role, ""), safe="")

    def database(role):
        return f"postgres://{role}:{password(role)}@{host}/{DATABASE}"

    return Addresses(
        app=database(APP),
        owner=database(OWNER),
        superuser=database(SUPERUSER),
        redis=f"redis+socket://:{password('redis')}@{socket}?virtual_host=0",
    )
