"""Entries as an iCalendar file (RFC 5545): whole days, case numbers, no links, no names of people or supports."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from desks.protection.entries import Entry

LONGEST = 75
"""Octets of a line; longer ones are folded."""


def calendar_file(entries: Iterable[Entry], *, title: str, now: datetime) -> bytes:
    """Return the file; `title` is what calendar programs call it."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//casework//protection//KO", f"X-WR-CALNAME:{_text(title)}"]
    for one in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.key}@casework",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(f'{one.case_number} {one.plain or one.what}'.strip())}",
            "CLASS:CONFIDENTIAL",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


def _text(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold at 75 octets without cutting a character in two; the rest goes on after a space."""
    parts, held = [], ""
    for letter in line:
        if len((held + letter).encode()) > LONGEST:
            parts.append(held)
            held = " "
        held += letter
    return "\r\n".join([*parts, held]) + "\r\n"
