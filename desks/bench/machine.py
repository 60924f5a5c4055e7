"""On what was measured: cores, memory, versions. No names, no paths."""

import os
import platform
from importlib.metadata import version

from django.db import connection


def machine() -> str:
    """Return one line about the machine and the versions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB of memory, {platform.system()}; "
        f"PostgreSQL {postgres}, Python {platform.python_version()}, Django {version('django')}"
    )


def busy() -> float:
    """Return the load of the last minute: more than the number of cores means that somebody else was working too."""
    return os.getloadavg()[0]


def disk() -> str:
    """Return the size of the database in gigabytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return f"{cursor.fetchone()[0] / 2**30:.1f} GB"
