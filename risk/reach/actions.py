"""Ending the search for somebody who cannot be reached: a supervisor's decision, with evidence, and a second look."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.landing import landed
from casework.touched import ring
from households.models import Contact
from risk.actions import Refused
from risk.bands import Band
from risk.models import SearchAgreement, SearchEnd, Standing


@transaction.atomic
def end_search(household, *, reason, evidence, by, on, client_key=None):
    """Decide on day `on` that the run of attempts of a household is over; return the SearchEnd.

    `reason`: a word of SearchEnd.Reason; others, such as a wrong number, are no reason and are refused. Where the made
    record `needs_second`, it counts once a second person has agreed. The same `client_key` of the same author lands
    once, and so do the same words of the same day as long as nobody has tried again since: an attempt after them is
    work of its own, which another decision may end.
    """
    if first := landed(SearchEnd.objects, by=by, client_key=client_key):
        return first
    if reason not in SearchEnd.Reason.values:
        raise Refused(_("This is no reason to end the search."))
    if not evidence.strip():
        raise Refused(_("Write what the decision rests on: who, when, which document."))
    standing = Standing.objects.select_for_update().filter(household=household).first()
    if first := landed(SearchEnd.objects, by=by, client_key=client_key):
        return first
    if standing is None or not standing.attempts:
        raise Refused(_("No attempt is open: there is nothing to end."))
    said = {"household": household, "reason": reason, "evidence": evidence.strip(), "decided_on": on, "recorded_by": by}
    same = SearchEnd.objects.filter(**said).order_by("-id").first()
    if same and not _tried_since(same):
        return same
    made = SearchEnd.objects.create(machine_band=max(standing.band, standing.shown_band), client_key=client_key, **said)
    data = {"reason": reason, "band": Band(made.machine_band).code, "attempts": standing.attempts}
    record("search ended", made, by=by, reason=made.evidence, data=data)
    ring()
    return made


@transaction.atomic
def agree_to_end(end, *, by):
    """Say yes, as a second person, to the end of a search; return the SearchAgreement. Twice is once.

    Raises Refused when `by` made the decision, or when none is needed.
    """
    if end.recorded_by_id == by.pk:
        raise Refused(_("Whoever decided cannot also be the second person."))
    if not end.needs_second:
        raise Refused(_("This decision does not need a second person."))
    if given := SearchAgreement.objects.filter(end=end).first():
        return given
    try:
        with transaction.atomic():
            given = SearchAgreement.objects.create(end=end, recorded_by=by)
    except IntegrityError:
        return SearchAgreement.objects.get(end=end)
    record("search end agreed", end, by=by, data={"reason": end.reason}, household_id=end.household_id)
    ring()
    return given


def _tried_since(end):
    """Tell whether an attempt lies after the decision."""
    tried = Contact.objects.current().filter(household=end.household_id, contact_made=False)
    return tried.filter(occurred_at__gt=end.recorded_at).exists()
