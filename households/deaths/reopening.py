"""What becomes of the closing of a case that rested on a death which was recorded by mistake."""

from django.utils.translation import gettext as _

from households.deaths.ended import homes_of


def reopen_deceased(review, *, by, now, reason):
    """Withdraw or reopen the closings of the homes of a death that was none; return what somebody else has to do, as
    words, where `by` may not."""
    from households.closings.actions import reopen
    from households.closings.workflow import CLOSING, OPEN
    from households.models import Closing

    said = []
    homes = {review.household_id, *homes_of(review.ended)}
    rows = Closing.objects.filter(household__in=homes, reason=Closing.Reason.DECEASED, status__in=OPEN)
    for closing in rows.order_by("id"):
        steps = {step.verb for step in CLOSING.open_to(closing, by)}
        if "withdraw" in steps:
            CLOSING.perform(closing, "withdraw", by=by, answered_by=by, answered_at=now)
        elif "reopen" in steps:
            reopen(closing, by=by, now=now, reason=reason)
        else:
            told = _("The case is still closed (%(number)s): whoever leads the centre reopens it.")
            said.append(told % {"number": closing.number})
    return said
