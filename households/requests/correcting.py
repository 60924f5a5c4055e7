"""What of a person's record can be corrected, where it is corrected, and which entries a correction made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.models import (
    Circumstance,
    ContactPreference,
    Hometown,
    Household,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    Residence,
    Screening,
)

ENTRIES = (
    (PersonName, gettext_lazy("Name")),
    (Particulars, gettext_lazy("Birth, sex, arrival")),
    (Residence, gettext_lazy("Residence")),
    (Hometown, gettext_lazy("Home province in the North")),
    (Phone, gettext_lazy("Telephone")),
    (ContactPreference, gettext_lazy("How to reach the person")),
    (Circumstance, gettext_lazy("Circumstances")),
    (Screening, gettext_lazy("Screening")),
)
DEEDS = {PersonName: "name", Hometown: "hometown", Phone: "phone", ContactPreference: "preference"}
SAYS_ITSELF = (PersonName, Hometown, Circumstance, Screening)


@dataclass(frozen=True)
class Entry:
    """One entry about a person: its `fact_id`, what it is, what it says (safe beside a name), since when we have it,
    and the model it stands in."""

    fact_id: int
    label: str
    words: str
    known_at: datetime
    model: Any

    def __str__(self) -> str:
        return f"{self.label} · {self.words}" if self.words else self.label


def entries_of(person: int, *, everything: bool = False) -> list[Entry]:
    """Return the entries about a person (an id) that stand, newest first within their kind; with `everything` also
    those that were ended or taken back by a later version. One query a kind."""
    found = []
    for model, label in ENTRIES:
        rows = model.objects.filter(person=person) if everything else model.objects.current().filter(person=person)
        latest: dict[int, Any] = {}
        for row in rows.order_by("id"):
            latest[row.fact_id] = row
        found += [Entry(row.fact_id, str(label), _words(row), row.known_at, model) for row in reversed(latest.values())]
    return found


def form_of(entry: Entry | None, person: Person, household: Household | None) -> str:
    """Return the address of the form by which an entry is corrected, filled with what is on record, or "" where no
    form does it."""
    if entry is None:
        return ""
    if entry.model in DEEDS:
        return reverse(f"households:{DEEDS[entry.model]}", args=[person.case_number])
    if household is None:
        return ""
    if entry.model is Circumstance:
        return reverse("households:circumstance_edit", args=[household.number, entry.fact_id])
    if entry.model is Screening:
        return reverse("households:screening_edit", args=[household.number, entry.fact_id])
    return ""


def home_of(person: Person, user: Any, on: Any) -> Household | None:
    """Return the household of a person among those whose file the user's centre keeps: today's, else the last."""
    kept = Household.objects.kept_by(user).order_by().values("pk")
    rows = Membership.objects.current().filter(person=person, kind="living", household__in=kept)
    rows = rows.filter(during__isempty=False).select_related("household")
    row = rows.filter(during__contains=on).order_by("id").first() or rows.order_by("-during__startswith", "-id").first()
    return row.household if row else None


def _words(row: Any) -> str:
    if isinstance(row, SAYS_ITSELF):
        return str(row)
    if isinstance(row, Particulars):
        return _("as on record")
    if isinstance(row, Residence):
        return str(row.get_status_display())
    if isinstance(row, ContactPreference):
        return str(row.get_channel_display())
    return ""
