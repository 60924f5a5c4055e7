"""Eight who receive and two who send act at random on the same 200 referrals: every history is a way of the table.

RACE_SECONDS=60 runs it longer; RACE_SEED=… runs the same choices again (not the same interleaving: that is the
machine's). Whatever fails prints the seed.
"""

import os
from collections import Counter, defaultdict
from random import Random, SystemRandom
from threading import Barrier, Thread
from time import monotonic

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from casework.audit.models import Event
from casework.workflow import NotNow, NotYours
from referrals import actions, handing, thread
from referrals.models import Pause, Referral
from referrals.states import Status
from referrals.workflow import REFERRAL
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import SAID, ReceiverFactory, ReferralFactory

SECONDS = float(os.environ.get("RACE_SECONDS", "5"))
SEED = int(os.environ.get("RACE_SEED", "0")) or SystemRandom().randrange(1, 10**9)
REFERRALS, RECEIVERS, SENDERS, HOUSEHOLDS = 200, 8, 2, 4
REFUSED = (NotNow, NotYours, ValidationError)
BY_NAME = {step.recorded_as: step for step in REFERRAL.steps.values()}
# What leaves nothing to race for is tried seldom, so that the others meet.
SELDOM = {"reroute": 0.03, "cancel": 0.03, "decline": 0.15, "fail": 0.15, "close": 0.2, "confirm": 0.5}
BESIDE = {"assign": "assigned", "ask": "asked", "comment": "commented", "answer": "answered"}


class Racer:
    """One user with a connection of their own: what succeeded, what was refused, what must not have happened."""

    def __init__(self, place, user, ids, others):
        self.random = Random(f"{SEED}.{place}")
        self.user, self.ids, self.others = user, ids, others
        self.done, self.refused, self.broken = Counter(), 0, []

    def run(self, start):
        try:
            start.wait()
            end = monotonic() + SECONDS
            while monotonic() < end:
                self.act()
        finally:
            connection.close()

    def act(self):
        seen = Referral.objects.get(pk=self.random.choice(self.ids))
        verb = self.choice(seen)
        try:
            if self.take(seen, verb):
                self.done[self.user.pk, seen.pk, BESIDE.get(verb) or REFERRAL.steps[verb].recorded_as] += 1
        except REFUSED:
            self.refused += 1
        except Exception as error:
            self.broken.append(f"{verb} on {seen.pk} at {seen.status}: {type(error).__name__}: {error}")

    def choice(self, seen):
        """Mostly something that looks open, so that many are right when they look and late when they act."""
        open_now = [step.verb for step in REFERRAL.open_to(seen, self.user)]
        verbs = open_now if open_now and self.random.random() < 0.7 else [*actions.VERBS, *BESIDE]
        verb = self.random.choice(verbs)
        return verb if self.random.random() < SELDOM.get(verb, 1) else self.random.choice(list(BESIDE))

    def take(self, seen, verb):
        """Do it; tell whether it leaves an Event."""
        words = {"by": self.user, "now": timezone.now()}
        if verb == "assign":
            # Nobody gives it to anybody else: what was not this user's when they looked is not theirs until they act.
            if seen.handler_id == self.user.pk:
                return False
            handing.assign(seen, by=self.user, handler=self.user, was=seen.handler_id)
        elif verb in ("ask", "comment"):
            getattr(thread, verb)(seen, text="-", **words)
        elif verb == "answer":
            question = thread.unanswered(seen).first()
            if question is None:
                return False
            thread.answer(question, text="-", **words)
        else:
            more = {"reason": "-", "to_agency": self.random.choice(self.others)} if verb == "reroute" else {}
            actions.VERBS[verb](seen, **words, **SAID.get(verb, {}), **more)
        return True


@pytest.fixture
def racers(committed_db):
    """200 referrals that were sent, and those who race for them."""
    sender, first = UserFactory(), ReceiverFactory()
    senders = [sender, *(UserFactory(agency=sender.agency, role="supervisor") for _ in range(SENDERS - 1))]
    receivers = [first, *(ReceiverFactory(agency=first.agency) for _ in range(RECEIVERS - 1))]
    others = [ReceiverFactory().agency for _ in range(2)]
    homes = [HouseholdFactory(worker=sender, members=2) for _ in range(HOUSEHOLDS)]
    ids = [ReferralFactory(sender=sender, receiver=first, household=homes[n % HOUSEHOLDS]).pk for n in range(REFERRALS)]
    return [Racer(place, user, ids, others) for place, user in enumerate([*receivers, *senders])]


def test_whatever_is_done_at_once_every_history_is_a_way_of_the_table(racers):
    before, start = Event.objects.latest("id").pk, Barrier(len(racers))
    threads = [Thread(target=racer.run, args=[start]) for racer in racers]
    [one.start() for one in threads]
    [one.join() for one in threads]
    seed = f"RACE_SEED={SEED} RACE_SECONDS={SECONDS:g}"
    assert [said for racer in racers for said in racer.broken] == [], seed
    done = sum((racer.done for racer in racers), Counter())
    assert recorded_since(before, {racer.user.pk for racer in racers}) == done, seed
    assert wrong_histories() == [], seed
    assert wrong_pauses() == [], seed
    assert done.total() > REFERRALS / 4, f"too few succeeded to prove anything: {seed}"
    assert sum(racer.refused for racer in racers) > 0, f"nobody came second: {seed}"


def recorded_since(before, racing):
    """Return how often each user did what with which referral, by the log; what a step writes beside it is left out.

    What was passed on begins a referral of its own, whose first event is no answer to a racer.
    """
    events = Event.objects.filter(pk__gt=before, subject_type=Referral._meta.label_lower).order_by("id")
    found = events.exclude(verb__in=["drafted", "passed on"]).values_list("actor_id", "subject_id", "verb")
    assert {actor for actor, *_about in found} <= racing, "each event has one of them as its author"
    return Counter(found)


def wrong_histories():
    """Return what is wrong with the way of any referral, from its draft to where it stands."""
    ways = defaultdict(list)
    events = Event.objects.filter(subject_type=Referral._meta.label_lower, verb__in=BY_NAME).order_by("id")
    for event in events:
        ways[event.subject_id].append(event)
    return [words for row in Referral.objects.order_by("id") if (words := wrong_way(row, ways[row.pk]))]


def wrong_way(referral, events):
    """Return in words where the history leaves the table, or nothing."""
    at = str(Status.DRAFT)
    for event in events:
        step = BY_NAME[event.verb]
        if (event.data["from"], event.data["to"]) != (at, step.target) or at not in step.sources or not event.actor_id:
            return f"{referral.pk}: {event.verb} from {event.data['from']} while it stood at {at}"
        at = str(step.target)
    return "" if referral.status == at else f"{referral.pk} stands at {referral.status}, its history ends at {at}"


def wrong_pauses():
    """Return the referrals whose columns say another thing than their pauses: at most one runs, and it is the one."""
    running = Counter(Pause.objects.running().order_by().values_list("referral", flat=True))
    rows = Referral.objects.order_by("id").values_list("pk", "waits_for")
    return [pk for pk, waits in rows if running[pk] != bool(waits)]
