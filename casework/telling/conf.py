"""Settings of telling people; `casework.settings` takes them by name."""

import environ
from celery.schedules import crontab

__all__ = ["CASEWORK_TELLING", "CASEWORK_URL", "EMAIL_TIMEOUT", "TELLING_TICKS"]

env = environ.Env()
# The kinds of notifications, by dotted path, since the ground knows no floor above it.
CASEWORK_TELLING = [
    "casework.exports.answering.KINDS",
    "referrals.telling.KINDS",
    "households.protection.telling.KINDS",
    "households.extensions.telling.KINDS",
    "households.handover.telling.KINDS",
    "households.conflicts.telling.KINDS",
    "households.conferences.telling.KINDS",
    "households.requests.telling.KINDS",
    "households.visits.telling.KINDS",
]
# Where this installation answers, for links in mails: https://casework.example
CASEWORK_URL = env.str("CASEWORK_URL", default="").rstrip("/")
EMAIL_TIMEOUT = 10  # of each single word with the server: one mail takes less than a lease, which is renewed for each
TELLING_TICKS = {
    "mails": {"task": "casework.telling.tasks.send_due", "schedule": 60.0, "options": {"expires": 55}},
    # Every five minutes somebody asks whether a Monday's digest is missing: a missed Monday is found afterwards.
    "digests": {"task": "casework.telling.tasks.write_digests", "schedule": 300.0, "options": {"expires": 290}},
    "telling": {"task": "casework.telling.tasks.forget", "schedule": crontab(hour="3", minute="20")},
}
