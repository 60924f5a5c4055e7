"""What is due of data requests: each open one, by the last day for its answer."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Due, Scope, Source, due_rows
from households.models import DataRequest, Membership


def open_requests(scope: Scope) -> QuerySet[Any]:
    """Return the open requests of people whose home, or whose last home where they have none now, is one of the
    households of the scope: the days run on when somebody died or moved out of the register."""
    lived = Membership.objects.current().filter(kind="living", household__in=scope.households)
    rows = DataRequest.objects.open().filter(person__in=lived.order_by().values("person"))
    rows = rows.alias(home=last_home_of("person", scope.on)).filter(home__in=scope.households)
    return due_rows(
        rows,
        "data_request",
        day=Coalesce("extended_until", "due_on"),
        household=last_home_of("person", scope.on),
        person="person",
        key="number",
    )


def last_home_of(person: str, on: date) -> Subquery:
    """Return the key of the household in which the person in the column `person` lives on a day, else lived last, as
    an expression."""
    homes = Membership.objects.current().filter(person=OuterRef(person), kind="living", during__isempty=False)
    begun = homes.filter(Q(during__startswith=None) | Q(during__startswith__lte=on))
    latest = begun.order_by(F("during__startswith").desc(nulls_last=True), "-id")
    return Subquery(latest.values("household")[:1])


def page_of(due: Due, _number: str) -> str:
    """Return the page of the request."""
    return reverse("households:data_request", args=[due.key])


DATA_REQUESTS = Source("data_request", _("Answer a data request"), open_requests, page_of, ended=True, leads=True)
