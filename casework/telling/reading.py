"""What a person does with what they were told: open it, mark all as read, take that back."""

from datetime import timedelta

from casework.telling.models import Notification, Occasion

READ_KEPT = timedelta(days=90)


def read(notification, *, by, now):
    """Mark one as read; False when it was read before or is another person's."""
    return bool(_mine(by).unread().filter(pk=notification.pk).update(read_at=now))


def read_all(*, by, now):
    """Mark everything as read that was told until `now`; return how many. Under this moment it is taken back."""
    return _mine(by).unread().filter(at__lte=now).update(read_at=now)


def unread_again(*, by, moment):
    """Take back what `read_all` did at `moment`; return how many are unread again."""
    return _mine(by).filter(read_at=moment).update(read_at=None)


def _mine(user):
    return Notification.objects.visible_to(user)


def forget_read(now):
    """Delete what was read, and the occasions that were dealt with, more than 90 days ago; what nobody read stays.
    Returns how many were read."""
    Occasion.objects.filter(at__lt=now - READ_KEPT).delete()
    return Notification.objects.filter(read_at__lt=now - READ_KEPT).delete()[0]
