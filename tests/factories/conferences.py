"""Case conferences: planned, with a household on the agenda, and a decision about it."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from casework.clock import seoul_day
from households.conferences import actions, agenda, deciding
from households.models import CaseConference


def planned(by, *, chair=None, ago=timedelta(hours=1), **words):
    """Plan a conference at the centre of `by`, which began `ago`; return it."""
    now = timezone.now()
    words = {"starts_at": now - ago, "place": "회의실", "chair": chair or by} | words
    return actions.plan(by=by, now=now, client_key=uuid4(), **words)


def brought(conference, *households, by, why="함께 살펴 주십시오."):
    """Put households on the agenda; return the items."""
    return agenda.bring(list(households), conference=conference, by=by, now=timezone.now(), why=why)[0]


def held(conference, by):
    """Let the conference begin; return it."""
    return actions.hold(conference, by=by, now=timezone.now())


def attended(conference, by):
    """Write that who leads the conference was there; return it."""
    chair = {conference.chair_id}
    return actions.attend(conference, present=chair, seen=chair, guests=[], by=by, now=timezone.now())


def closed(conference, by):
    """Close its record; return it."""
    return actions.close(conference, by=by, now=timezone.now(), materials={})


def decided(item, by, **words):
    """Write a decision about an item: a step by `by` within five days unless `words` say otherwise; of a household
    without a plan it is followed from the conference."""
    item.refresh_from_db()
    due = seoul_day(timezone.now()) + timedelta(days=5)
    words = {"kind": "step", "what": "관리사무소와 통화합니다.", "owner": by, "due_on": due} | words
    return deciding.decide(item, version=item.version, by=by, now=timezone.now(), client_key=uuid4(), **words)


def conference_with(household, *, worker, by):
    """Return {name: what a URL is called with} of a conference that is held, about a household, with a decision."""
    conference = planned(by, ago=timedelta(0))
    item = brought(conference, household, by=by)[0]
    held(conference, by)
    decision = decided(item, by)
    return {"conference": conference.number, "conference_item": item.pk, "conference_decision": decision.pk}


def talked_about(household, by, *, ago):
    """Write that the household was talked about `ago`; return the conference."""
    conference = planned(by)
    brought(conference, household, by=by)
    held(conference, by)
    CaseConference.objects.filter(pk=conference.pk).update(held_at=timezone.now() - ago)
    return conference
