"""Closings of cases, brought to where a test needs them by the verbs that people use."""

from datetime import timedelta

from django.utils import timezone

from households.closings import actions

WORDS = "세운 목표를 모두 이루었고 본인과 함께 확인했습니다."


def proposed(household, *, by, now=None, reason="goals_met", **said):
    """Propose to close the case of `household`; nothing is asked of other floors. Return the Closing."""
    now = now or timezone.now()
    return actions.propose(household, by=by, now=now, reason=reason, words=WORDS, **said)


def closed(household, *, by, second, ago=0, **said):
    """Close the case of `household` so many days `ago`: proposed by one, approved by another. Return the Closing."""
    now = timezone.now() - timedelta(days=ago)
    return actions.approve(proposed(household, by=by, now=now, **said), by=second, now=now)
