"""Whether a change may be decided about: tried out on what is in force still, and read by more than one person.

That a second person reads, and of each direction one household, is our own criterion; no law asks for it.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.actions import Refused
from risk.changes.proposals import latest
from risk.models import RuleChange, RuleVersion, Simulation


class Direction(TextChoices):
    """Which way a household of the sample moves."""

    UP = "up", gettext_lazy("a household that moves up")
    DOWN = "down", gettext_lazy("a household that moves down")
    STAYS = "stays", gettext_lazy("a household that stays in its band")


def check_ready(change: RuleChange, *, on: Any) -> None:
    """Raise Refused unless these very numbers were tried out on what is in force on the day and everybody was read."""
    base = latest(change.code)
    if (base.pk if base else None) != change.base_id:
        raise Refused(_("The rule has changed since. Discard this change and begin from the version in force."))
    simulation = change.last_simulation()
    if simulation is None:
        raise Refused(_("Calculate with these numbers first."))
    if is_stale(simulation, on=on):
        raise Refused(_("Other criteria have changed since this was tried out. Calculate again."))
    left = unread(change, simulation)
    if left:
        raise Refused(_("Read the other %(n)s households first.") % {"n": len(left)})


def check_read_by_second(change: RuleChange) -> None:
    """Raise Refused unless somebody other than the proposer read one household of each direction of the sample."""
    simulation = change.last_simulation()
    left = unread_by_second(change, simulation) if simulation else []
    if left:
        which = ", ".join(str(direction.label) for direction in left)
        raise Refused(_("Somebody other than the proposer reads first: %(which)s.") % {"which": which})


def is_stale(simulation: Simulation, *, on: Any) -> bool:
    """Tell whether any version that the trial rested on is in force no more, or another one was decided since."""
    return simulation.rests_on != RuleVersion.objects.standing(on=on)


def unread(change: RuleChange, simulation: Simulation) -> list[int]:
    """Return the ids of the sampled households that nobody has read yet with these numbers."""
    done = readers_of(change)
    return [line["household"] for line in simulation.sample if line["household"] not in done]


def unread_by_second(change: RuleChange, simulation: Simulation) -> list[Direction]:
    """Return the directions of the sample in which only the proposer has read, or nobody."""
    readers = readers_of(change)
    done = {
        direction_of(line)
        for line in simulation.sample
        if readers.get(line["household"], set()) - {change.proposed_by_id}
    }
    there = {direction_of(line) for line in simulation.sample}
    return [direction for direction in Direction if direction in there - done]


def readers_of(change: RuleChange) -> dict[int, set[int]]:
    """Return {household: ids of those who read it} with the numbers that are proposed now."""
    found: dict[int, set[int]] = {}
    rows = change.readings.filter(numbers=change.numbers).order_by()
    for household, reader in rows.values_list("household_id", "recorded_by_id"):
        found.setdefault(household, set()).add(reader)
    return found


def direction_of(line: dict[str, Any]) -> Direction:
    """Return which way a household of the sample moves."""
    if line["before"] == line["after"]:
        return Direction.STAYS
    return Direction.UP if line["after"] > line["before"] else Direction.DOWN
