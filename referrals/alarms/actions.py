"""What a person does with an alarm: say that they have seen it. Only the step itself ends it."""

from django.db import transaction

from casework.audit.record import record
from casework.workflow import NotYours
from referrals.models import Alarm


@transaction.atomic
def acknowledge(alarm, *, by, now, note=""):
    """Record that the named person has seen the alarm, with a note if they leave one; twice changes nothing.

    The ladder goes on while the clock is past its date: seeing is not helping. Raises `NotYours` for anybody else.
    """
    if not Alarm.objects.named(by).filter(pk=alarm.pk).exists():
        raise NotYours("named")
    fresh = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if fresh.acknowledged_at is not None:
        return fresh
    fresh.acknowledged_at, fresh.note = now, note
    fresh.save(update_fields=["acknowledged_at", "note"])
    record("alarm acknowledged", fresh, by=by, reason=note, data={"rung": fresh.rung, "about": fresh.number})
    return fresh
