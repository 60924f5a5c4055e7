"""What is on record before the end of protection."""

from datetime import timedelta

from django.utils import timezone

from casework.clock import seoul_day
from households.models import EndNotice, EndStep, ProtectionPeriod


def before_the_end(person, by):
    """Record a step and a written notice of long ago for the person's one period; return {name: fact_id}, the period's
    too. The Ministry enters what became of a notice for a year after it was sent; this one is nobody's any more."""
    period = ProtectionPeriod.objects.get(person=person)
    today, words = seoul_day(timezone.now()), {"person": person, "last_day": period.during.upper - timedelta(days=1)}
    step = {"step": "review", "done_on": today, "result": "talking", "recorded_by": by}
    return {
        "period": period.fact_id,
        "end_step": EndStep.objects.create(**words, **step).fact_id,
        "end_notice": EndNotice.objects.create(**words, sent_on=today - timedelta(days=400), way="handed").fact_id,
    }
