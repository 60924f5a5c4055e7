"""What is due of data requests: each open one, by the last day for its answer."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Due, Scope, Source, due_rows, home_of
from households.models import DataRequest, Membership


def open_requests(scope: Scope) -> QuerySet[Any]:
    """Return the open requests of people who live in the households of the scope."""
    living = Membership.objects.current().during(scope.on).filter(kind="living", household__in=scope.households)
    rows = DataRequest.objects.open().filter(person__in=living.order_by().values("person"))
    return due_rows(
        rows,
        "data_request",
        day=Coalesce("extended_until", "due_on"),
        household=home_of("person", scope.on),
        person="person",
        key="number",
    )


def page_of(due: Due, _number: str) -> str:
    """Return the page of the request."""
    return reverse("households:data_request", args=[due.key])


DATA_REQUESTS = Source("data_request", _("Answer a data request"), open_requests, page_of, ended=True)
