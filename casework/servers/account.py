"""Whose processes the servers are. PostgreSQL refuses to run as root, so root lends it another OS user."""

import os
import pwd
import shutil
import signal
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from casework.servers.mortal import mortal
from casework.servers.trouble import ServerTrouble

_LENT = ("casework", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An OS user for the servers; `lent` where it is not the one that runs this program."""

    uid: int
    gid: int
    lent: bool

    def popen(self, with_parent=False):
        """Return the arguments that make `subprocess` run a program as this user, alone in its own session.

        `with_parent`: it ends when this program is killed. A server that others may be using must not.
        """
        own = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}
        if with_parent:
            own["preexec_fn"] = mortal(signal.SIGINT)
        return own | {"start_new_session": True, "env": {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}}

    def own(self, path):
        """Hand `path` to this user."""
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def folder(self, path):
        """Make a folder that only this user (and root) may enter; return it."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        self.own(path)
        return path

    def reaches(self, path):
        """Tell whether this user may enter every folder above `path`. Nobody's permissions are changed for it."""
        return not self.lent or all(self._enters(parent) for parent in Path(path).absolute().parents)

    def _enters(self, folder):
        while not folder.exists():
            folder = folder.parent
        about = folder.stat()
        return bool(about.st_mode & (0o100 if about.st_uid == self.uid else 0o001))


def account():
    """Return the `Account` the servers run under on this machine."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    for name in _LENT:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user.pw_uid, user.pw_gid, lent=True)
    raise ServerTrouble("PostgreSQL does not run as root and this machine has no other user: add one named casework.")


def home_for(places, user):
    """Return the folder for the servers' files: recorded, else `var/servers`, else one that a lent user can reach."""
    if places.home_note.exists():
        return places.home
    home = places.var / "servers"
    if not user.reaches(home):
        home = Path("/var/lib") / f"casework-{sha256(str(places.var).encode()).hexdigest()[:12]}"
    places.home_note.write_text(str(home))
    return home


def reachable(program, package, home, user):
    """Return a path to `program` of the installed `package` that the servers' user may run.

    Where the installation is closed to that user (a clone below /root), its files are copied beside the data.
    """
    if user.reaches(program):
        return program
    copy = home / "programs" / package.name / str(int(package.stat().st_mtime))
    if not copy.exists():
        shutil.rmtree(copy.parent, ignore_errors=True)
        partial = copy.with_suffix(".partial")
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(
                    source, partial / source.name, ignore=shutil.ignore_patterns("include", "*.a", "pgxs", "*.py*")
                )
        for path in (copy.parent.parent, copy.parent, partial, *partial.rglob("*")):
            user.own(path)
        partial.rename(copy)
    return copy / package.name / program.relative_to(package)
