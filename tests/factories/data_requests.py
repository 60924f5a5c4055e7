"""Requests about the own data, for pages that only need one there; written without the verbs' rights."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.clock import seoul_day
from households.models import DataRequest, Restriction
from households.requests.clocks import due_on


def data_request(person, kind="see", *, by, status="received", **words):
    """A request that `by` took down today, standing in a status; granted where it is answered."""
    on = seoul_day(timezone.now())
    said = {"words": "제 기록을 보고 싶습니다.", "way": "person", "received_on": on, "due_on": due_on(on), **words}
    if status != "received":
        said |= {"identity": "document", "checked_by": by, "checked_on": on}
    if status == "answered":
        said |= {"outcome": "granted", "reasons": "말씀하신 대로 하겠습니다.", "answered_by": by, "answered_on": on}
    return DataRequest.objects.create(
        person=person, agency=by.agency, kind=kind, status=status, taken_by=by, client_key=None, **said
    )


def restriction(person, *scopes, by):
    """What follows from an answered request: the use of the person's data is stopped from today on."""
    made = data_request(person, "restrict", by=by, status="answered", scopes=list(scopes))
    days = DateRange(made.received_on, None)
    return Restriction.objects.create(person=person, request=made, scopes=list(scopes), during=days, recorded_by=by)


def data_requests_of(person, *, by):
    """Return {name: number} of a request in each of the states that a page needs, and the fact of a restriction."""
    stopped = restriction(person, "evaluation", by=by)
    return {
        "data_request": data_request(person, by=by).number,
        "data_step": "check",
        "data_beside": "harm",
        "data_checked": data_request(person, by=by, status="checked").number,
        "data_answered": data_request(person, by=by, status="answered").number,
        "data_explain": data_request(person, "explain", by=by, status="answered").number,
        "data_restrict": stopped.request.number,
        "restriction": stopped.fact_id,
    }
