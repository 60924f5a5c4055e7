"""How often a token may call: counted in PostgreSQL, over all processes, by the minute of the clock."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

KEPT = timedelta(days=30)
COUNT = """
    INSERT INTO api_use (token_id, minute, calls) VALUES (%s, date_trunc('minute', %s), 1)
    ON CONFLICT (token_id, minute) DO UPDATE SET calls = api_use.calls + 1
    RETURNING calls
"""


class PerToken(BaseThrottle):
    """At most `token.per_minute` calls within a minute of the clock; at the turn of a minute up to twice as many."""

    def allow_request(self, request, view):
        """Count the call; False past the limit. What is refused counts too."""
        if request.auth is None:
            return True
        self.now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [request.auth.pk, self.now])
            calls = cursor.fetchone()[0]
        return calls <= request.auth.per_minute

    def wait(self):
        """Return the seconds until the next minute begins."""
        return 60 - self.now.second


def forget_old_uses(now):
    """Forget how often tokens were used more than 30 days ago, but for the last use of each; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM api_use old WHERE minute < %s"
            " AND EXISTS (SELECT FROM api_use later WHERE later.token_id = old.token_id AND later.minute > old.minute)",
            [now - KEPT],
        )
        return cursor.rowcount
