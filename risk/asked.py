"""The two options by which commands ask about a day: `--on` and `--known-by` (issue: commands, exactly)."""

from datetime import date, datetime

from django.core.management.base import CommandError

from casework.clock import SEOUL, AsOf, seoul_day


def add_as_of(parser):
    """Add `--on DATE`, `--known-by ISO` and `--json` to a command's parser."""
    parser.add_argument("--on", metavar="DATE", help="the day asked about, YYYY-MM-DD; default today in Seoul")
    parser.add_argument("--known-by", metavar="ISO", help="what was known by this moment; default now")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def as_of_from(options, now):
    """Return the AsOf of the options. Raises CommandError with what would be right."""
    try:
        on = date.fromisoformat(options["on"]) if options["on"] else seoul_day(now)
    except ValueError as error:
        raise CommandError(f"--on {options['on']}: a day is written YYYY-MM-DD") from error
    try:
        known_by = datetime.fromisoformat(options["known_by"]) if options["known_by"] else now
    except ValueError as error:
        raise CommandError(
            f"--known-by {options['known_by']}: a moment is written 2026-11-19T06:10:00+09:00"
        ) from error
    return AsOf(on=on, known_by=known_by if known_by.tzinfo else known_by.replace(tzinfo=SEOUL))
