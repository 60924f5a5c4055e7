"""The three imports by their commands, each in a process of its own: rows a second and the most memory it held."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep

from django.conf import settings
from django.db import connection

from desks.bench.throwaway import database

SEOUL_TIME = "to_char({} AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+09:00\"')"
NOW = "{0}.superseded_at IS NULL AND {0}.during @> CURRENT_DATE"
REGISTER = f"""
    SELECT person.register_ref AS person_ref, household.register_ref AS household_ref, member.role AS household_role,
        name.family AS family_name, name.given AS given_name, '' AS latin_name, particulars.sex,
        particulars.birth_on AS birth_date, CASE WHEN particulars.is_defector THEN 'Y' ELSE 'N' END AS is_defector,
        particulars.entered_on, particulars.moved_in_on, decision.decision AS protection_decision,
        residence.status AS residence_status, sido.short || ' ' || district.name AS district, center.name_ko AS center,
        phone.number AS phone
    FROM households_person person
    JOIN households_membership member ON member.person_id = person.id
        AND {NOW.format("member")}
    JOIN households_household household ON household.id = member.household_id
    JOIN households_personname name ON name.person_id = person.id AND name.kind = 'hangul'
        AND {NOW.format("name")}
    JOIN households_particulars particulars ON particulars.person_id = person.id
        AND particulars.superseded_at IS NULL
    JOIN households_protectiondecision decision ON decision.person_id = person.id
        AND {NOW.format("decision")}
    JOIN households_residence residence ON residence.person_id = person.id
        AND {NOW.format("residence")}
    JOIN households_dwelling dwelling ON dwelling.household_id = household.id
        AND {NOW.format("dwelling")}
    JOIN agencies_district district ON district.id = dwelling.district_id
    JOIN agencies_district sido ON sido.id = district.parent_id
    JOIN households_responsibility answers ON answers.household_id = household.id
        AND {NOW.format("answers")}
    JOIN agencies_agency center ON center.id = answers.center_id
    LEFT JOIN households_phone phone ON phone.person_id = person.id AND {NOW.format("phone")}
    WHERE person.register_ref <> '' AND household.register_ref <> ''
    ORDER BY person.id
"""
SIGNALS = """
    SELECT signal.reference, person.register_ref AS person_ref, signal.code_id AS signal, signal.observed_on,
        signal.ended_on, signal.months, signal.amount_krw
    FROM risk_signal signal JOIN households_person person ON person.id = signal.person_id
    WHERE signal.superseded_at IS NULL AND person.register_ref <> '' ORDER BY signal.id
"""
CONTACTS = f"""
    SELECT contact.id AS contact_ref, household.register_ref AS household_ref,
        {SEOUL_TIME.format("contact.occurred_at")} AS occurred_at, contact.channel,
        CASE WHEN contact.contact_made THEN 'Y' ELSE 'N' END AS contact_made,
        array_to_string(contact.topics, ';') AS topics, array_to_string(contact.tags, ';') AS tags, contact.summary
    FROM households_contact contact JOIN households_household household ON household.id = contact.household_id
    WHERE contact.superseded_at IS NULL AND household.register_ref <> ''
    ORDER BY contact.id
"""
# As the register stands today: what was put right since would stand twice in the file, and each is refused.
FILES = {
    "register": (REGISTER, "import_register", ("--source", "bench")),
    "signals": (SIGNALS, "import_signals", ("--source", "bench")),
    "contacts": (CONTACTS, "import_contacts", ("--source", "bench")),
}


def measure(say: Callable[[str], None]) -> list[dict]:
    """Write the demo register out as files, import them into an empty database, and return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (query, _, _) in FILES.items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8") as file, connection.cursor() as cursor:
                cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", file)
        with database("files"):
            found = []
            for name, (_, command, arguments) in FILES.items():
                found.append(_run(command, Path(folder) / f"{name}.csv", arguments))
                say(f"import {name}: {found[-1]['rows']} rows, {found[-1]['seconds']:.1f} s")
            return found


def _run(command: str, file: Path, arguments: tuple[str, ...]) -> dict:
    with file.open(encoding="utf-8") as rows:
        number = sum(1 for _ in rows) - 1
    begun = perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(
            [sys.executable, "manage.py", command, str(file), *arguments, "--json"],
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, _held(child.pid))
            sleep(0.05)
        seconds = perf_counter() - begun
        if child.returncode > 1:
            said.seek(0)
            raise RuntimeError(f"{command} refused its file: {said.read().strip()[-300:]}")
    return {"file": file.stem, "rows": number, "seconds": seconds, "peak": peak, "refused": child.returncode == 1}


def _held(process: int) -> float:
    """Return the most memory that a process has held so far, in MB. Its own: what `wait` tells is the parent's too."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0
