"""Files that somebody asked for, as far along as a test needs them."""

from datetime import timedelta

import factory
from django.utils import timezone

from casework.exports.answering import answer
from casework.exports.models import KEPT, Export
from tests.factories.agencies import UserFactory

REASON = "월간 사례회의에서 함께 검토할 자료입니다."


class ExportFactory(factory.django.DjangoModelFactory):
    """An export that waits for a worker; `asked_only=True`: for a second person; `made=True`: made an hour ago, with
    `content` and nobody's data unless said."""

    asker = factory.SubFactory(UserFactory)
    agency = factory.LazyAttribute(lambda made: made.asker.agency)
    kind = "referrals"
    asked = factory.LazyFunction(lambda: {"box": "sent"})
    reason = REASON
    asked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=2))

    answered_at = factory.LazyAttribute(lambda made: made.asked_at)

    class Meta:
        model = Export

    class Params:
        asked_only = factory.Trait(answered_at=None)
        made = factory.Trait(
            started_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)),
            done_at=factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1)),
            expires_at=factory.LazyAttribute(lambda made: made.done_at + KEPT),
            rows=0,
            content=b"PK",
        )


def agreed(export, *, by):
    """Return the export after somebody else of the asker's agency has agreed to it."""
    return answer(export, by=by, now=timezone.now(), agreed=True)
