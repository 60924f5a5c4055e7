"""Other people left out of what one person is given: their names wherever they stand, and, where a household is
protected, the places it lives or lived in."""

import re
from collections.abc import Iterable

from households.models import Contact, Dwelling, Membership, Participant, PersonName

HIDDEN = "○○○"


class Veil:
    """Takes the names of others, and places, out of texts. `line` takes whole names out; `text`, for what somebody
    wrote, given names too."""

    def __init__(self, names: Iterable[str], given: Iterable[str] = (), places: Iterable[str] = ()) -> None:
        self._line = _pattern([*names, *places])
        self._text = _pattern([*names, *places, *given])

    def line(self, text: str) -> str:
        """Return the text without the whole names of others."""
        return self._line.sub(HIDDEN, text) if self._line else text

    def text(self, text: str) -> str:
        """Return what somebody wrote without the names of others, given names included."""
        return self._text.sub(HIDDEN, text) if self._text else text


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    longest = sorted({word for word in words if len(word) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None


def veil_of(person: int, *, places: bool) -> Veil:
    """Return the Veil for a person (an id): everybody who ever lived in one of the person's households or took part
    in a contact there, by every name on record. With `places` the towns and districts of these households go too."""
    homes = Membership.objects.filter(person=person).order_by().values("household")
    lived = Membership.objects.filter(household__in=homes).order_by().values("person")
    spoken = Participant.objects.filter(contact__in=Contact.objects.filter(household__in=homes).order_by().values("pk"))
    mine, names, given = set(), set(), set()
    rows = PersonName.objects.filter(person__in=lived.union(spoken.order_by().values("person"))).order_by("id")
    for row in rows:
        if row.person_id == person:
            mine |= {str(row), row.given}
        else:
            names |= {str(row), f"{row.family}{row.given}", f"{row.family} {row.given}".strip()}
            given.add(row.given)
    where = _places(homes) if places else set()
    return Veil(names - mine, given - mine, where)


def _places(homes) -> set[str]:
    rows = Dwelling.objects.filter(household__in=homes).select_related("district").order_by("id")
    return {word for row in rows for word in (row.town, row.district.name if row.district else "") if word}
