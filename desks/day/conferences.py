"""What case conferences owe the day: a conference that is due by band, and what was decided and is not done."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.conferences.due import owed
from desks.day.due import Due, Scope, Source, due_rows
from households.models import ConferenceDecision
from referrals.conferences import unsent


def _conferences(scope: Scope) -> QuerySet[Any]:
    return due_rows(owed(scope.households, on=scope.on), "conference", day="due_on", household="household_id")


def _decisions(scope: Scope) -> QuerySet[Any]:
    """The words of a decision are not safe beside a name: they stand on the page of the conference only."""
    rows = unsent(ConferenceDecision.objects.undone()).filter(item__household__in=scope.households)
    return due_rows(
        rows, "conference_decision", day="due_on", household="item__household_id", key="item__conference__number"
    )


def _to_bring(due: Due, number: str) -> str:
    return f"{reverse('desks:conference_bring')}?household={number}"


def _to_conference(due: Due, number: str) -> str:
    return f"{reverse('desks:conference', args=[due.key])}#{number}"


CONFERENCE_DUE = Source("conference", _("Case conference due"), _conferences, _to_bring)
DECISION_DUE = Source("conference_decision", _("Decision of a case conference"), _decisions, _to_conference)
