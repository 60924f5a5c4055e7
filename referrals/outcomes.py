"""What came of a referral: of each hoped-for result its own, and the whole from them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from referrals.models import DesiredOutcome
from referrals.states import Outcome
from referrals.taking import locked, take


@transaction.atomic
def provide(referral, *, by, now, text, outcome="", results=None):
    """Report what came of it, which says that the person was met; the sender still has to confirm with them.

    `results` maps the `order` of each hoped-for result to (Outcome, words); the whole follows from them. Where the
    sender hoped for nothing in lines, or the receiver sees them no longer, `outcome` says it for the whole. Raises
    `ValidationError` when a line has no result.
    """
    held = locked(referral)
    lines = lines_for(held)
    results = results or {}
    told = {line.order: results[line.order] for line in lines if line.order in results}
    if len(told) < len(lines):
        raise ValidationError(_("Please say of each hoped-for result what came of it."))
    outcome = derived(result for result, _words in told.values()) if told else outcome
    if outcome not in Outcome.values:
        raise ValidationError(_("Please say what came of it."))
    met = held.contacted_at or now
    changes = {"outcome": outcome, "outcome_text": text, "provided_at": now, "contacted_at": met}
    data = {"outcome": outcome} | ({"results": {str(n): told[n][0] for n in told}} if told else {})
    provided = take(referral, "provide", by=by, now=now, data=data, **changes)
    for line in lines:
        line.result, line.result_text = told[line.order]
    DesiredOutcome.objects.bulk_update(lines, ["result", "result_text"])
    return provided


def lines_for(referral):
    """Return the hoped-for results that the receiver reports on: none while the contents are closed to it."""
    return [] if referral.veiled else list(referral.desired.order_by("order"))


def told(referral, seen):
    """Return what came of each hoped-for result, {"words", "result", "said"}, as far as this side may read it.

    `seen` is the referral as `packet.as_seen_by` gives it.
    """
    hopes = {hope["order"]: hope["words"] for hope in seen.desired}
    lines = referral.desired.exclude(result="").order_by("order") if hopes and referral.outcome else []
    return [
        {"words": hopes[line.order], "result": line.get_result_display(), "said": line.result_text}
        for line in lines
        if line.order in hopes
    ]


def derived(results):
    """Return the outcome of the whole: all provided, none provided, else in part."""
    found = set(results)
    return found.pop() if len(found) == 1 else Outcome.PARTIAL
