"""What the two agencies say to each other about a referral. A question stops the receiver's clock until its answer."""

from django.db import transaction

from casework.audit.record import record
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from referrals import pauses, telling
from referrals.models import Message
from referrals.states import FINISHED, Status, Waits
from referrals.taking import locked, look_again
from referrals.webhooks import outbox
from referrals.workflow import is_receiver, is_sender

ASKABLE = (Status.RECEIVED, Status.ACCEPTED, Status.IN_PROGRESS)
KIND = Message.Kind


@transaction.atomic
def comment(referral, *, by, now, text, client_key=None):
    """Say something that waits for no answer; either side, from the sending to the end."""
    held = locked(referral)
    if first := landed(Message.objects, by=by, client_key=client_key, author="author"):
        return first
    check_may_say(held, by)
    return _said(held, KIND.COMMENT, by, now, text, client_key)


@transaction.atomic
def ask(referral, *, by, now, text, client_key=None):
    """Ask the sender; from now on it is the sender's turn, and the receiver's clock of working days stands still.

    A second question while the first waits begins no second pause. Clocks of hours and the law's days run on.
    """
    held = locked(referral)
    if first := landed(Message.objects, by=by, client_key=client_key, author="author"):
        return first
    check_may_ask(held, by)
    said = _said(held, KIND.QUESTION, by, now, text, client_key)
    if not held.waits_for:
        pauses.stand_still(held, Waits.SENDER, by=by, now=now)
        look_again(held)
    return said


@transaction.atomic
def answer(question, *, by, now, text, client_key=None):
    """Answer one question; once none is left that the referral waits for, the receiver's clock runs on.

    Raises `NotNow` when it was answered before.
    """
    held = locked(question.referral)
    if first := landed(Message.objects, by=by, client_key=client_key, author="author"):
        return first
    check_may_answer(held, question, by)
    said = _said(held, KIND.ANSWER, by, now, text, client_key, answers=question)
    if held.waits_for == Waits.SENDER and not unanswered(held).filter(at__gte=held.waits_since).exists():
        pauses.run_on(held, by=by, now=now)
        look_again(held)
    return said


def unanswered(referral):
    """Return the questions of a referral that have no answer, the oldest first."""
    return referral.messages.filter(kind=KIND.QUESTION, answer=None).order_by("id")


def check_may_say(referral, user):
    """Raise `NotYours` for a third party, `NotNow` before the sending and after the end."""
    if not (is_sender(referral, user) or is_receiver(referral, user)):
        raise NotYours("sender")
    if referral.status in (Status.DRAFT, *FINISHED):
        raise NotNow(referral.status)


def check_may_ask(referral, user):
    """Raise `NotYours` for anybody but the receiver, `NotNow` while there is nothing to go on with."""
    if not is_receiver(referral, user):
        raise NotYours("receiver")
    if referral.status not in ASKABLE:
        raise NotNow(referral.status)


def check_may_answer(referral, question, user):
    """Raise `NotYours` for anybody but the sender, `NotNow` when the question was answered or all is over."""
    if not is_sender(referral, user):
        raise NotYours("sender")
    answered = Message.objects.filter(answers=question).exists()
    if question.kind != KIND.QUESTION or answered or referral.status in FINISHED:
        raise NotNow(referral.status)


def _said(referral, kind, by, now, text, client_key, answers=None):
    """Write it down; the words stand in the thread alone, the log says only that there are some."""
    said = Message.objects.create(
        referral=referral,
        kind=kind,
        text=text,
        answers=answers,
        author=by,
        agency=by.agency,
        at=now,
        client_key=client_key,
    )
    record(RECORDED[kind], referral, by=by)
    outbox.queue(referral, str(kind), now=now)
    telling.of_step(referral, str(kind), by=by, now=now)
    return said


RECORDED = {KIND.COMMENT: "commented", KIND.QUESTION: "asked", KIND.ANSWER: "answered"}
