"""Sending what is due."""

from referrals.webhooks import outbox, reaching, signing


def work_off(now):
    """Send what is due until nothing is; return how many arrived. `now` is a function that returns the moment.

    Several workers share the work: each message is with one of them at a time.
    """
    arrived = 0
    while claimed := outbox.claim(now()):
        arrived += sum(_send(delivery, now) for delivery in claimed)
    outbox.forget_old(now())
    return arrived


def _send(delivery, now):
    if delivery.subscription.ended_at:
        outbox.given_up(delivery, now=now(), why="address ended")
        return False
    if not outbox.renewed(delivery, now=now()):  # the ones before it took longer than a lease
        return False
    body = signing.body_of(delivery)
    try:
        reaching.post(delivery.subscription.url, body, signing.headers_of(delivery, body, now()))
    except reaching.Refused as why:
        outbox.given_up(delivery, now=now(), why=str(why))
        return False
    except reaching.Unreachable as why:
        outbox.failed(delivery, now=now(), why=str(why))
        return False
    outbox.delivered(delivery, now=now())
    return True
