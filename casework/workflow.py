"""A verb: lock the row, check the step and the actor, save, record (design §7)."""

from dataclasses import dataclass

import pgtrigger
from django.db import transaction

from casework.audit.record import record


class NotNow(Exception):
    """The step does not lead on from where the record stands; `str()` is the sentence the user reads."""


class NotYours(Exception):
    """The actor may see the record but not take this step; `str()` is the sentence the user reads."""


@dataclass(frozen=True)
class Step:
    """One line of the table: what can happen, from where, to where, by whom, and under which name it is kept."""

    verb: str
    sources: frozenset
    target: str
    actor: str
    recorded_as: str
    label: object
    needs_reason: bool = False


def step(verb, sources, target, actor, recorded_as, label, needs_reason=False):
    """Return a Step; `sources` is a set of states, `label` the words on the button."""
    return Step(verb, frozenset(sources), target, actor, recorded_as, label, needs_reason)


class Workflow:
    """A table of steps over one status field; the same table becomes the trigger and the diagram."""

    def __init__(self, *steps, actors, field="status"):
        """`actors` maps an actor's name to `function(obj, user) -> bool`."""
        self.steps = {s.verb: s for s in steps}
        self.actors = actors
        self.field = field

    def open_to(self, obj, user):
        """Return the steps that `user` can take now, in table order: the buttons of the page."""
        status = getattr(obj, self.field)
        return [s for s in self.steps.values() if status in s.sources and self.actors[s.actor](obj, user)]

    def check(self, obj, verb, user):
        """Return the step `verb`; raise NotYours or NotNow with the reason when it cannot be taken."""
        taken = self.steps[verb]
        if not self.actors[taken.actor](obj, user):
            raise NotYours(taken.actor)
        if getattr(obj, self.field) not in taken.sources:
            raise NotNow(getattr(obj, self.field))
        return taken

    @transaction.atomic
    def perform(self, obj, verb, *, by, reason="", data=None, **changes):
        """Take the step on the locked row, save `changes` with it, record the Event; return the fresh row."""
        fresh = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        taken = self.check(fresh, verb, by)
        before = getattr(fresh, self.field)
        setattr(fresh, self.field, taken.target)
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[self.field, *changes])
        record(
            taken.recorded_as, fresh, by=by, reason=reason, data={"from": before, "to": taken.target, **(data or {})}
        )
        return fresh

    def trigger(self):
        """Return the database trigger that raw SQL cannot pass."""
        pairs = {(source, s.target) for s in self.steps.values() for source in s.sources}
        return pgtrigger.FSM(name="steps", field=self.field, transitions=sorted(pairs))
