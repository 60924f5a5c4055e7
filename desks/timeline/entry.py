"""One entry of the timeline as the page prints it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from desks.household.file import moment_of
from desks.timeline.happened import Happened


@dataclass
class Told:
    """One entry as the page prints it. `learnt` is the day we learned of it, where that was later by `late` days."""

    title: str
    line: str = ""
    icon: str = "note"
    tone: str = ""
    at: date | datetime | None = None
    href: str = ""
    link: str = ""
    learnt: date | None = None
    late: int = 0
    month: str = ""


def joined(*parts: object) -> str:
    """Return the parts that say something, with a dot between."""
    return " · ".join(str(part) for part in parts if part)


def learnt_of(happened: Happened) -> tuple[date | None, int]:
    """Return the day we learned of it where that was later, and by how many days."""
    known = timezone.localtime(moment_of(happened.data["known"])).date()
    late = (known - timezone.localtime(happened.at).date()).days
    return (known, late) if late > 0 else (None, 0)
