"""What case conferences owe the day: a conference that is due by band, and what was decided and is not done."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.conferences.due import owed
from desks.day.due import Due, Scope, Source, due_rows
from households.models import ConferenceDecision, Responsibility
from referrals.conferences import unsent


def _conferences(scope: Scope) -> QuerySet[Any]:
    return due_rows(owed(scope.households, on=scope.on), "conference", day="due_on", household="household_id")


def _decisions(scope: Scope) -> QuerySet[Any]:
    """The words of a decision are not safe beside a name: they stand on the page of the conference only,
    which is read at its centre: of a household that another centre answers for by now, nothing is due here."""
    duty = Responsibility.objects.current().filter(during__contains=scope.on, household=OuterRef("item__household"))
    here = duty.filter(center=OuterRef("item__conference__centre")).order_by()
    rows = unsent(ConferenceDecision.objects.undone()).filter(Exists(here), item__household__in=scope.households)
    key = Concat("item__conference__number", Value("/"), Cast("item__household_id", CharField()))
    return due_rows(rows, "conference_decision", day="due_on", household="item__household_id", key=key)


def _to_bring(due: Due, number: str) -> str:
    return f"{reverse('desks:conference_bring')}?household={number}"


def _to_conference(due: Due, number: str) -> str:
    return f"{reverse('desks:conference', args=[due.key.partition('/')[0]])}#{number}"


CONFERENCE_DUE = Source("conference", _("Case conference due"), _conferences, _to_bring)
DECISION_DUE = Source("conference_decision", _("Decision of a case conference"), _decisions, _to_conference)
