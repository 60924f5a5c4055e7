"""Whose record is put together, and what may stand in it."""

from dataclasses import dataclass
from datetime import date

from desks.requests.veil import Veil
from households.models import Person


@dataclass(frozen=True)
class About:
    """`protected`: a household of the person carries a violence marker. `notes`: counselling notes may be given.
    `agency`: the id of the centre that answers."""

    person: Person
    on: date
    protected: bool
    veil: Veil
    notes: bool
    agency: int
